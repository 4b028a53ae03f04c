using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Speaker.Bgp;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Short forms of plans.</summary>
internal static class Plan
{
    public const uint OurAsn = 64500, RouterAsn = 64501;

    public static readonly RouteAttributes NoAttributes = new(null, null, [], null);

    private static readonly ObjectReference Source = new("orleanslb.io/v1alpha1", "BGPPeer", "", "router");

    public static BgpPeer Peer(string address = BgpLab.RouterAddress, uint asn = RouterAsn) =>
        new(Source, default, "router", OurAsn, new RemoteAs.Number(asn), Address.Parse(address), null, []) { ConnectRetryTime = TimeSpan.FromSeconds(1) };

    public static PrefixRoute Route(string prefix, RouteAttributes? attributes = null) =>
        new(Prefix.Parse(prefix), [new RouteTerm("all", [], attributes ?? NoAttributes)]);

    public static PrefixRoute[] Routes(params string[] prefixes) => [.. prefixes.Select(prefix => Route(prefix))];

    /// <summary>A whole plan.</summary>
    public static Task Whole(this BgpSpeaker speaker, int node, long version, IEnumerable<BgpPeer> peers, IEnumerable<PrefixRoute> routes,
        bool leaving = false) =>
        speaker.Apply(new(new(BgpLab.Node(node)), null, version, [], [], null,
            new(peers.ToEquatableList(), new(routes.ToEquatableList(), []), leaving, Complete: true)));

    /// <summary>A step from one version to the next.</summary>
    public static Task Step(this BgpSpeaker speaker, int node, long version, IEnumerable<PrefixRoute> announce, IEnumerable<string> withdraw,
        EquatableList<BgpPeer>? peers = null) =>
        speaker.Apply(new(new(BgpLab.Node(node)), version - 1, version, [], [], null,
            new(peers, new(announce.ToEquatableList(), withdraw.Select(Prefix.Parse).ToEquatableList()), Leaving: false, Complete: true)));

    /// <summary>Waits until the speaker tells what is wanted of a session.</summary>
    public static async Task<PeerStatus> Until(this BgpSpeaker speaker, Predicate<PeerStatus> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Wire.Patience);
        await foreach (var fact in speaker.Facts.ReadAllAsync(patience.Token))
        {
            if (fact is SpeakerFact.PeerChanged changed && wanted(changed.Status)) return changed.Status;
        }

        throw new EndOfStreamException("The speaker stopped and never told it.");
    }

    public static Task<PeerStatus> UntilEstablished(this BgpSpeaker speaker) => speaker.Until(status => status.State == PeerState.Established);
}
