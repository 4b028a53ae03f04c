using System.Text.RegularExpressions;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Nodes;

/// <summary>
/// Finds the interfaces of a node that an address is announced on. Grains ask it for eligibility, the speaker for its sockets: one rule for both.
/// </summary>
public static class InterfaceSelection
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The names of the usable interfaces that <paramref name="selectors"/> mean, sorted. With none but exclusions: those whose connected prefix has the
    /// address. An interface that is named is taken as it stands, even when the address is of no subnet of it.
    /// </summary>
    public static EquatableList<string> Choose(NodeLinks links, EquatableList<InterfaceSelector> selectors, Address address)
    {
        ArgumentNullException.ThrowIfNull(links);
        var names = new List<string>();
        foreach (var link in links.Links)
        {
            if (link.Usable && IsMeant(link, links, selectors, address)) names.Add(link.Name);
        }
        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }

    // Asked for each address on each node: it makes nothing but the answer.
    private static bool IsMeant(LinkState link, NodeLinks links, EquatableList<InterfaceSelector> selectors, Address address)
    {
        var (named, means) = (false, false);
        foreach (var selector in selectors)
        {
            if (selector is InterfaceSelector.Except except)
            {
                if (Means(except.Excluded, link, links)) return false;
                continue;
            }
            named = true;
            means = means || Means(selector, link, links);
        }
        return named ? means : Covers(link.Connected, address) >= 0;
    }

    /// <summary>True when the selector means the interface by its name.</summary>
    public static bool Names(InterfaceSelector selector, string name) => selector switch
    {
        InterfaceSelector.Named named => named.Name == name,
        InterfaceSelector.Pattern pattern => Regex.IsMatch(name, $"^(?:{pattern.Expression})$", RegexOptions.CultureInvariant, PatternTimeout),
        _ => false,
    };

    private static bool Means(InterfaceSelector selector, LinkState link, NodeLinks links) => selector switch
    {
        InterfaceSelector.CanReach reach => Reaching(links, reach.Target) == link,
        _ => Names(selector, link.Name),
    };

    /// <summary>
    /// The usable link with the longest connected prefix or main-table route to the target. Among equals one that bears the target itself comes last, for its
    /// prefix may be there only because the target was bound to it; then connected wins over a route, then the lower name.
    /// </summary>
    public static LinkState? Reaching(NodeLinks links, Address target) =>
        links.Links
            .Where(link => link.Usable)
            .Select(link => (Link: link, Connected: Covers(link.Connected, target), Routed: Covers(link.Routes, target)))
            .Where(candidate => candidate.Connected >= 0 || candidate.Routed >= 0)
            .OrderByDescending(candidate => Math.Max(candidate.Connected, candidate.Routed))
            .ThenBy(candidate => candidate.Link.Addresses.Contains(target))
            .ThenByDescending(candidate => candidate.Connected)
            .ThenBy(candidate => candidate.Link.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Link)
            .FirstOrDefault();

    /// <summary>The length of the longest prefix that has the address, or -1. A host prefix is no subnet: it says nothing of who is on the link.</summary>
    private static int Covers(EquatableList<Prefix> prefixes, Address address)
    {
        var longest = -1;
        foreach (var prefix in prefixes)
        {
            if (prefix.Length < address.Bits && prefix.Contains(address)) longest = Math.Max(longest, prefix.Length);
        }
        return longest;
    }
}
