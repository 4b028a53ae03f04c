using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What is known of a session from outside: written by its loop, read by any thread.</summary>
internal sealed class SessionRecord : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly BgpInstruments _instruments;
    private BgpSessionStatus _status;
    private AdjRibOut _advertised = AdjRibOut.Empty;
    private long _routesReceived;
    private long _routesWithdrawn;

    public SessionRecord(BgpPeerOptions peer, TimeProvider time, BgpInstruments instruments)
    {
        (_time, _instruments) = (time, instruments);
        _status = new() { Peer = peer, Since = time.GetUtcNow() };
        instruments.Add(this);
    }

    public MessageCounters SentMessages { get; } = new();

    public MessageCounters ReceivedMessages { get; } = new();

    public BgpPeerOptions Peer
    {
        set => Change(status => status with { Peer = value });
    }

    public BgpSessionStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status with
                {
                    Sent = SentMessages.Read(),
                    Received = ReceivedMessages.Read(),
                    RoutesReceived = _routesReceived,
                    RoutesWithdrawn = _routesWithdrawn,
                    Advertised = _advertised,
                };
            }
        }
    }

    public void Entered(BgpState state, BgpConnection? connection) => Change(status => status with
    {
        State = state.Name, Since = _time.GetUtcNow(), Session = state.Session, Local = connection?.Local, Remote = connection?.Remote,
    });

    public void Ended(ConnectionEnd end, bool wasEstablished)
    {
        if (wasEstablished) Told(AdjRibOut.Empty);
        if (wasEstablished) _instruments.Flapped(Status.Peer.Name);
        Change(status => status with
        {
            Flaps = status.Flaps + (wasEstablished ? 1 : 0),
            LastError = end.ToString(),
            NotificationSent = end.Cause == ConnectionEndCause.NotificationSent ? end.Notification : status.NotificationSent,
            NotificationReceived = end.Cause == ConnectionEndCause.NotificationReceived ? end.Notification : status.NotificationReceived,
        });
    }

    /// <summary>True when it was another reason than the last time.</summary>
    public bool NotConnected(string reason)
    {
        var news = Status.LastError != reason;
        Change(status => status with { LastError = reason });
        return news;
    }

    public void Told(AdjRibOut rib)
    {
        lock (_gate) _advertised = rib;
    }

    public void Received(ReceivedUpdate update)
    {
        lock (_gate)
        {
            _routesReceived += update.Announced;
            _routesWithdrawn += update.Withdrawn;
            if (update.Faults.Count > 0) _status = _status with { LastUpdateFault = update.Faults.ToString() };
        }
    }

    public void Dispose() => _instruments.Remove(this);

    private void Change(Func<BgpSessionStatus, BgpSessionStatus> change)
    {
        lock (_gate) _status = change(_status);
    }
}
