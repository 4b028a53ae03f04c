using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What the BGP sessions of a speaker count.</summary>
internal sealed class BgpInstruments : IDisposable
{
    private static readonly BgpMessageType[] Types = Enum.GetValues<BgpMessageType>();

    private readonly Meter _meter;
    private readonly ConcurrentDictionary<SessionRecord, bool> _sessions = new();
    private readonly Counter<long> _flaps;
    private readonly Histogram<double> _advertised;

    public BgpInstruments(NodeName? node)
    {
        _meter = new(SpeakerInstruments.Name, null, node is { } one ? [new("k8s.node.name", one.Value)] : null);
        _meter.CreateObservableGauge("orleanslb.bgp.session.up", () => Each(status => status.State == BgpStateName.Established ? 1 : 0),
            "{session}", "1 while the session is established.");
        _meter.CreateObservableUpDownCounter("orleanslb.bgp.routes.advertised.count", () => Each(status => status.Advertised.Routes.Count),
            "{route}", "Routes that the peer has been told.");
        _meter.CreateObservableUpDownCounter("orleanslb.bgp.routes.held_back.count", () => Each(status => status.Advertised.HeldBack.Count),
            "{route}", "Routes that the peer cannot be told.");
        _meter.CreateObservableCounter("orleanslb.bgp.routes.received", () => Each(status => status.RoutesReceived), "{route}",
            "Routes that the peer announced; they are dropped.");
        _meter.CreateObservableCounter("orleanslb.bgp.messages", Messages, "{message}", "Messages by type and direction.");
        _flaps = _meter.CreateCounter<long>("orleanslb.bgp.session.flaps", "{flap}", "Established sessions that were lost.");
        _advertised =
            _meter.CreateHistogram<double>("orleanslb.bgp.advertise.duration", "s", "From the change of the routes until the last UPDATE has been written.");
    }

    public void Add(SessionRecord session) => _sessions[session] = true;

    public void Remove(SessionRecord session) => _sessions.TryRemove(session, out _);

    public void Flapped(string peer) => _flaps.Add(1, OfPeer(peer));

    public void Advertised(string peer, TimeSpan duration) => _advertised.Record(duration.TotalSeconds, OfPeer(peer));

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Each(Func<BgpSessionStatus, long> value) =>
        _sessions.Keys.Select(session => session.Status).Select(status => new Measurement<long>(value(status), OfSession(status.Peer.Name)));

    private IEnumerable<Measurement<long>> Messages() =>
        from session in _sessions.Keys
        from type in Types
        from direction in (string[])["sent", "received"]
        let counters = direction == "sent" ? session.SentMessages : session.ReceivedMessages
        select new Measurement<long>(counters.Of(type),
            [.. OfSession(session.Status.Peer.Name), new("orleanslb.bgp.message.type", Name(type)), new("network.io.direction", direction)]);

    private static string Name(BgpMessageType type) => type switch
    {
        BgpMessageType.Open => "open",
        BgpMessageType.Update => "update",
        BgpMessageType.Notification => "notification",
        BgpMessageType.Keepalive => "keepalive",
        _ => "route_refresh",
    };

    // What is counted over all time bears the peer alone: the neighbours of a range come and go.
    private static KeyValuePair<string, object?> OfPeer(string session) => new("orleanslb.bgp.peer", SessionName.PeerOf(session));

    private static KeyValuePair<string, object?>[] OfSession(string session) =>
        SessionName.NeighbourOf(session) is { } address ? [OfPeer(session), new("network.peer.address", address)] : [OfPeer(session)];
}
