using System.Collections.Immutable;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What is known of a session from outside: written by its loop and its connections, read by any thread.</summary>
internal sealed class SessionRecord : IDisposable
{
    private readonly TimeProvider _time;
    private readonly BgpInstruments _instruments;
    private BgpSessionStatus _status;

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
            var status = Volatile.Read(ref _status);
            return status with
            {
                Sent = SentMessages.Read(),
                Received = ReceivedMessages.Read(),
                Advertised = status.Session is null ? AdjRibOut.Empty : status.Advertised, // the last words of a connection that is gone do not count
            };
        }
    }

    public void Entered(BgpState state, BgpConnection? connection) => Change(status => status with
    {
        State = state.Name, Since = _time.GetUtcNow(), Session = state.Session, Local = connection?.Local, Remote = connection?.Remote,
    });

    public void Ended(ConnectionEnd end, bool wasEstablished)
    {
        var trouble = SessionTrouble.Of(end);
        if (wasEstablished) _instruments.Flapped(_status.Peer.Name);
        Change(status => status with
        {
            Flaps = status.Flaps + (wasEstablished ? 1 : 0),
            LastError = trouble.Words,
            Advice = trouble.Advice,
            NotificationSent = end.Cause == ConnectionEndCause.NotificationSent ? end.Notification : status.NotificationSent,
            NotificationReceived = end.Cause == ConnectionEndCause.NotificationReceived ? end.Notification : status.NotificationReceived,
        });
    }

    /// <summary>True when it was another reason than the last time.</summary>
    public bool NotConnected(SessionTrouble trouble)
    {
        var news = _status.LastError != trouble.Words;
        Change(status => status with { LastError = trouble.Words, Advice = trouble.Advice });
        return news;
    }

    public void Told(AdjRibOut rib) => Change(status => status with { Advertised = rib });

    public void Received(ReceivedUpdate update) => Change(status => status with
    {
        RoutesReceived = status.RoutesReceived + update.Announced,
        RoutesWithdrawn = status.RoutesWithdrawn + update.Withdrawn,
        LastUpdateFault = update.Faults.Count > 0 ? update.Faults.ToString() : status.LastUpdateFault,
    });

    public void Dispose() => _instruments.Remove(this);

    private void Change(Func<BgpSessionStatus, BgpSessionStatus> change) => ImmutableInterlocked.Update(ref _status, change);
}
