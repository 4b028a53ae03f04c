using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// The session with one peer: one loop feeds the state machine with what happens and performs what follows. All else (timers, connections, callers) only puts
/// events into its channel.
/// </summary>
public sealed class BgpPeerSession : IAsyncDisposable
{
    private readonly Channel<SessionInput> _inputs = Channel.CreateUnbounded<SessionInput>(new() { SingleReader = true });
    private readonly SessionConnections _connections;
    private readonly SessionTimers _timers;
    private readonly SessionRecord _record;
    private readonly BgpSessionServices _services;
    private readonly Random _random = new();
    private readonly Task _running;
    private BgpPeerOptions _options;
    private BgpFsm _fsm;
    private BgpState _state = BgpState.Initial;
    private bool _restarting;
    private Socket? _accepted;
    private Task? _stopping;

    /// <param name="restarting">This speaker comes back from a restart: its first OPENs say so (RFC 4724 §3).</param>
    public BgpPeerSession(BgpPeerOptions options, BgpSessionServices services, bool restarting = false)
    {
        (_options, _services, _restarting) = (options, services, restarting);
        _fsm = Machine(options);
        _record = new(options, services.Time, services.Instruments);
        _timers = new(services.Time, timer => Post(new SessionInput.Event(new BgpEvent.TimerExpired(timer))));
        _connections = new(services, _record, Post);
        _running = Task.Run(Run);
        Post(new SessionInput.Event(new BgpEvent.Start()));
    }

    public string Name => _options.Name;

    public BgpSessionStatus Status => _record.Status;

    /// <summary>These routes, and no others, shall be known to the peer.</summary>
    /// <param name="complete">They are all there are, so that End-of-RIB may be sent: a peer then drops what it kept for
    /// us over a restart (RFC 4724 §4.2).</param>
    public void Advertise(RouteSet routes, bool complete = true)
    {
        _connections.Want(new(routes, complete));
        Post(new SessionInput.RoutesChanged());
    }

    /// <summary>Takes over a changed configuration; the session ends only if it would be another one.</summary>
    public void Reconfigure(BgpPeerOptions options) => Post(new SessionInput.Reconfigure(options));

    /// <summary>A connection that the peer has made to us.</summary>
    internal void Accept(Socket socket)
    {
        if (!Post(new SessionInput.Accepted(socket))) socket.Dispose();
    }

    /// <summary>The peer is waited for, but cannot connect to this node.</summary>
    internal void NotListening(string why)
    {
        if (Status.State != BgpStateName.Established) _record.NotConnected(SessionTrouble.OfListening(why));
    }

    /// <summary>Something besides BGP, such as BFD, found the peer gone.</summary>
    public void Fail(Notification reason) => Post(new SessionInput.Event(new BgpEvent.Fail(reason)));

    /// <summary>Ends the session for good.</summary>
    /// <param name="farewell">What the peer is told; null to leave without a word, so that it keeps our routes for the time of a restart (RFC 4724 §4).</param>
    public Task Stop(Notification? farewell)
    {
        Post(new SessionInput.Event(new BgpEvent.Stop(farewell)));
        return _stopping ??= Finish();
    }

    public ValueTask DisposeAsync() => new(Stop(Notification.Cease(CeaseSubcode.PeerDeconfigured)));

    /// <summary>Dies as a machine dies: connections are cut, nothing is said.</summary>
    public Task Kill()
    {
        Post(new SessionInput.Cut());
        return Stop(null);
    }

    private bool Post(SessionInput input) => _inputs.Writer.TryWrite(input);

    private async Task Finish()
    {
        _inputs.Writer.TryComplete();
        await _running;
        await _connections.DisposeAsync();
        _timers.Dispose();
        _record.Dispose();
    }

    private async Task Run()
    {
        await foreach (var input in _inputs.Reader.ReadAllAsync())
        {
            try
            {
                Handle(input);
            }
            catch (Exception bug) // one bad step must not end the speaker's other routes
            {
                _services.Log.StepFailed(bug, Name, input.GetType().Name);
            }
            finally
            {
                (input as SessionInput.OfConnection)?.Done.TrySetResult();
            }
        }
    }

    private void Handle(SessionInput input)
    {
        switch (input)
        {
            case SessionInput.Event { Happened: BgpEvent.TimerExpired expired } when !_timers.Take(expired.Timer): break;
            case SessionInput.Event happened: Step(happened.Happened); break;
            case SessionInput.OfConnection of when _connections.IsCurrent(of.Connection): Receive(of.Happened); break;
            case SessionInput.DialEnded ended when _connections.TakeDialled(ended): Step(ended.Socket is null
                ? new BgpEvent.DialFailed()
                : new BgpEvent.Dialed()); break;
            case SessionInput.Accepted accepted: Accepted(accepted.Socket); break;
            case SessionInput.RoutesChanged: _connections.SendRoutes(); break;
            case SessionInput.Reconfigure next: Follow(next.Options); break;
            case SessionInput.Cut: _connections.CutAll(); break;
        }
    }

    private void Receive(BgpEvent happened)
    {
        if (happened is BgpEvent.UpdateReceived received) _record.Received(received.Update);
        if (happened is BgpEvent.UpdateReceived { Update.Faults.Count: > 0 } faulty) _services.Log.UpdateFault(Name, faulty.Update.Faults.ToString());
        Step(happened);
    }

    private void Accepted(Socket socket)
    {
        if (BgpTransport.Missing(_options, OperatingSystem.IsLinux()) is not null)
        {
            socket.Dispose(); // our own tries say why
            return;
        }

        _accepted = socket;
        Step(new BgpEvent.Accepted());
        _accepted?.Dispose();
        _accepted = null;
    }

    private void Step(BgpEvent happened)
    {
        var before = _state.Name;
        (_state, var effects) = _fsm.Step(_state, happened, Jitter.Of(_random.NextDouble()));
        foreach (var effect in effects) Perform(effect);
        foreach (var side in (ReadOnlySpan<Side>)[Side.Outgoing, Side.Incoming]) _connections.Understand(side, _state[side]);
        if (_state.Name == before) return;
        _services.Log.StateChanged(Name, before, _state.Name);
        _record.Entered(_state, _connections.Current);
        _services.Changed(this);
    }

    private void Perform(BgpEffect effect)
    {
        switch (effect)
        {
            case BgpEffect.Dial: _connections.Dial(_options); break;
            case BgpEffect.AbandonDial: _connections.AbandonDial(); break;
            case BgpEffect.Adopt: Adopt(); break;
            case BgpEffect.Reject reject: Reject(reject.Reason); break;
            case BgpEffect.Send send: _connections.Send(send.Side, send.Message); break;
            case BgpEffect.Close close: Close(close.Side); break;
            case BgpEffect.StartTimer start: _timers.Start(start.Timer, start.Duration); break;
            case BgpEffect.StopTimer stop: _timers.Stop(stop.Timer); break;
            case BgpEffect.SessionUp up: Up(up); break;
            case BgpEffect.ConnectionEnded ended: Ended(ended); break;
            case BgpEffect.Readvertise again: _connections.Readvertise(again.Family, again.Bracketed); break;
        }
    }

    private void Adopt()
    {
        if (_accepted is null) return;
        _connections.Adopt(Side.Incoming, _accepted, _options);
        _accepted = null;
    }

    private void Reject(Notification reason)
    {
        if (_accepted is null) return;
        _services.Log.Rejected(Name, reason);
        _connections.Reject(_accepted, reason);
        _accepted = null;
    }

    private void Close(Side side)
    {
        _connections.Close(side);
        foreach (var kind in (ReadOnlySpan<BgpTimerKind>)[BgpTimerKind.Hold, BgpTimerKind.Keepalive, BgpTimerKind.SendHold]) _timers.Stop(new(kind, side));
    }

    private void Up(BgpEffect.SessionUp up)
    {
        _record.Entered(_state, _connections.Current); // whoever has heard our routes may look what they were
        _connections.BeginRoutes(up.Side, up.Session, _options);
        _services.Log.Established(Name, _connections.Current?.Remote, up.Session.Families, up.Session.HoldTime);
        if (_restarting) (_restarting, _fsm) = (false, Machine(_options)); // the next OPEN is no longer the first after the restart
    }

    private void Ended(BgpEffect.ConnectionEnded ended)
    {
        // A peer that is down is tried again and again: once it has been said, only the loss of a session is news.
        var news = ended.WasEstablished || _record.Status.LastError != SessionTrouble.Of(ended.End).Words;
        _services.Log.ConnectionEnded(news ? LogLevel.Information : LogLevel.Debug, Name, ended.Side, ended.End);
        _record.Ended(ended.End, ended.WasEstablished);
    }

    private void Follow(BgpPeerOptions options)
    {
        if (options == _options) return;
        var change = PeerChange.Judge(_options, options, _state, _connections.Current?.Local.Address);
        _services.Log.Reconfigured(Name, change);
        var before = _options;
        _options = options;
        _fsm = Machine(options);
        _record.Peer = options;
        if (change == PeerChangeEffect.Restart)
        {
            Restart();
            return;
        }

        _state = PeerChange.Refit(_state, options.Settings);
        _connections.Follow(before, options);
    }

    private void Restart()
    {
        Step(new BgpEvent.Stop(Notification.Cease(CeaseSubcode.OtherConfigurationChange)));
        Step(new BgpEvent.Start());
    }

    private BgpFsm Machine(BgpPeerOptions options) =>
        new(options.Settings with { GracefulRestart = options.Settings.GracefulRestart is { } graceful ? graceful with { Restarting = _restarting } : null });
}
