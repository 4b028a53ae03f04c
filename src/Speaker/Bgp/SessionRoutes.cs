using System.Diagnostics;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What a session announces: the wanted routes, and the advertiser that brings them to the peer while there is a session.</summary>
internal sealed class SessionRoutes(BgpSessionServices services, SessionRecord record)
{
    /// <param name="Cause">The span of the plan that wants them.</param>
    private sealed record Timed(WantedRoutes Wanted, long Since, DateTimeOffset At, ActivityContext? Cause);

    private volatile Timed? _wanted;
    private BgpConnection? _connection;
    private SessionParameters? _session;
    private RouteAdvertiser? _advertiser;

    public void Want(WantedRoutes wanted) => _wanted = new(wanted, services.Time.GetTimestamp(), services.Time.GetUtcNow(), Activity.Current?.Context);

    public void Begin(BgpConnection connection, SessionParameters session, BgpPeerOptions peer)
    {
        (_connection, _session) = (connection, session);
        _advertiser = new(Export(peer), () => _wanted?.Wanted, record.SentMessages, Told);
        Send();
    }

    /// <summary>Sends what the peer does not know yet; while something is being sent already, this goes with it.</summary>
    public void Send()
    {
        if (_advertiser?.TrySignal() == true) _connection?.Send(_advertiser);
    }

    public void Readvertise(Family family, bool bracketed)
    {
        _advertiser?.Refresh(family, bracketed);
        Send();
    }

    public void Follow(BgpPeerOptions peer)
    {
        if (_advertiser is null) return;
        _advertiser.Replace(Export(peer));
        Send();
    }

    public void End(BgpConnection connection)
    {
        if (connection == _connection) (_connection, _session, _advertiser) = (null, null, null);
    }

    private RouteExport Export(BgpPeerOptions peer)
    {
        var beside = LocalAddresses.Beside(services.Scope, _connection!.Local.Address, _connection.Remote.Address);
        var unnumbered = _connection.Remote.Address.IsIPv6LinkLocal && _session!.Send.ExtendedNextHop; // the router need not know any IPv4 address of ours
        return new(_session!, new()
        {
            Ipv4NextHop = peer.Ipv4NextHop is { } four ? NextHop.From(four) : unnumbered ? null : beside.Ipv4,
            Ipv6NextHop = peer.Ipv6NextHop is { } six ? NextHop.From(six) : beside.Ipv6,
            BehindLocalAs = peer.BehindLocalAs,
            Role = peer.Settings.Role,
        });
    }

    private void Told(AdjRibOut rib)
    {
        record.Told(rib);
        if (_wanted is not { } wanted) return;
        var (peer, duration) = (record.Status.Peer.Name, services.Time.GetElapsedTime(wanted.Since));
        services.Instruments.Advertised(peer, duration);
        Trace(wanted, peer, rib, duration);
    }

    /// <summary>The span from the change of the routes to the last UPDATE written; what a new session is told belongs to no change.</summary>
    private static void Trace(Timed wanted, string peer, AdjRibOut rib, TimeSpan duration)
    {
        if (wanted.Cause is not { } cause) return;
        using var span = SpeakerInstruments.Tracing.StartActivity("bgp advertise", ActivityKind.Producer, cause, startTime: wanted.At);
        span?.SetTag("orleanslb.bgp.peer", peer).SetTag("orleanslb.bgp.routes", rib.Routes.Count).SetEndTime((wanted.At + duration).UtcDateTime);
    }
}
