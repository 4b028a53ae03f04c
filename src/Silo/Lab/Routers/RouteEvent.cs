using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>A change of a route in the router's kernel: where a prefix leads from now on.</summary>
/// <param name="At">When it was heard, by <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="NextHops">In order; none: the route is gone.</param>
internal sealed record RouteEvent(long At, Prefix Prefix, EquatableList<Address> NextHops)
{
    private const string Gone = "Deleted", Protocol = "proto", Via = "via";

    /// <summary>Reads a line of <c>ip -oneline -4 monitor route</c>; null for whatever is no route of the protocol.</summary>
    /// <param name="protocol">The name under which the kernel keeps the routing daemon's routes.</param>
    public static RouteEvent? Read(string line, string protocol, long at)
    {
        var words = line.Split([' ', '\t', '\\'], StringSplitOptions.RemoveEmptyEntries);
        if (After(words, Protocol) is not [var told, ..] || told != protocol) return null;
        var isGone = words[0] == Gone;
        return PrefixOf(words[isGone ? 1 : 0]) is { } prefix
            ? new(at, prefix, isGone ? [] : After(words, Via).Select(Address.Parse).Order().ToEquatableList())
            : null;
    }

    private static List<string> After(string[] words, string keyword) =>
        [.. words.Zip(words.Skip(1)).Where(pair => pair.First == keyword).Select(pair => pair.Second)];

    /// <summary>A prefix of one address is told without its length.</summary>
    private static Prefix? PrefixOf(string text) =>
        Prefix.TryParse(text, out var prefix) ? prefix
        : Address.TryParse(text, out var address) ? new(address, address.Bits)
        : null;
}
