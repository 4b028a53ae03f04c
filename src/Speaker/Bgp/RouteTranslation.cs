using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Says what a peer has been told as the cluster wants it: in words and numbers.</summary>
internal static class RouteTranslation
{
    public static PeerRoutes ToPeerRoutes(this BgpSessionStatus status) => new(
        status.Peer.Name,
        Told(status.Advertised.Routes),
        status.Advertised.HeldBack.Select(route => new UntoldRoute(route.Nlri.Prefix.ToString(), route.Reason.ToString())).ToEquatableList());

    private static EquatableList<ToldRoute> Told(RouteSet routes)
    {
        var told = new ToldRoute[routes.Count];
        var i = 0;
        foreach (ref readonly var route in routes) told[i++] = Told(route);
        return told.ToEquatableList();
    }

    private static ToldRoute Told(in Route route)
    {
        var attributes = route.Attributes;
        return new(
            route.Nlri.Prefix.ToString(), attributes.NextHop?.ToString() ?? "", attributes.AsPath?.ToString() ?? "", attributes.LocalPref,
            attributes.MultiExitDisc,
            Communities(attributes).ToEquatableList());
    }

    private static IEnumerable<string> Communities(PathAttributes attributes)
    {
        foreach (var community in attributes.Communities) yield return community.ToString();
        foreach (var community in attributes.LargeCommunities) yield return $"large:{community}";
        foreach (var community in attributes.ExtendedCommunities) yield return community.ToString();
        if (attributes.OnlyToCustomer is { } asn) yield return string.Create(CultureInfo.InvariantCulture, $"only-to-customer:{asn.Value}");
    }
}
