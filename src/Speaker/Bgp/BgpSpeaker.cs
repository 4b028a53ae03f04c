using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// Peers with the routers that its node's plan names and announces the plan's routes to them, and tells how the sessions fare. It decides nothing about what
/// is announced.
/// </summary>
public sealed class BgpSpeaker : IAsyncDisposable
{
    private const string Stops = "the speaker stops";

    private readonly Channel<Input> _inputs = Channel.CreateUnbounded<Input>(new() { SingleReader = true });
    private readonly Channel<SpeakerFact> _facts = Channel.CreateUnbounded<SpeakerFact>();
    private readonly BgpSpeakerOptions _options;
    private readonly BgpSessionServices _services;
    private readonly ILogger _log;
    private readonly SpeakerPeers _peers;
    private readonly SpeakerRoutes _routes;
    private readonly Strangers _strangers;
    private readonly SpeakerListeners _listeners;
    private readonly Dictionary<string, PeerStatus> _told = [];
    private readonly ITimer _reporting;
    private readonly Task _running;
    private readonly Task _warming;
    private long _version;
    private Task? _closing;

    private abstract record Input
    {
        public sealed record Plan(PlanChange Change, TaskCompletionSource<PlanOutcome> Outcome) : Input;

        public sealed record Accepted(Socket Socket, string? Vrf) : Input;

        public sealed record Changed(BgpPeerSession Session) : Input;

        public sealed record ReportDue : Input;

        public sealed record Leave(TaskCompletionSource Told) : Input;
    }

    public BgpSpeaker(BgpSpeakerOptions options, INetworkScope scope, TimeProvider time, ILogger<BgpSpeaker> log)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_options, _log) = (options, log);
        _services = new(scope, time, log, session => _inputs.Writer.TryWrite(new Input.Changed(session)), options.Node);
        _routes = new(options.BandwidthPerEndpoint);
        _strangers = new(time, log);
        _listeners = new(options, _services, (socket, vrf) =>
        {
            if (!_inputs.Writer.TryWrite(new Input.Accepted(socket, vrf))) socket.Dispose();
        });
        _peers = new(options, _services, _routes);
        _reporting = time.CreateTimer(_ => _inputs.Writer.TryWrite(new Input.ReportDue()), null, options.ReportInterval, options.ReportInterval);
        _running = Task.Run(Run);
        _warming = Task.Run(BgpWarmUp.Run);
    }

    /// <summary>How the sessions fare, for one reader; complete once the speaker has stopped.</summary>
    public ChannelReader<SpeakerFact> Facts => _facts.Reader;

    /// <summary>Every session at this moment, with what its peer has been told and what not and why.</summary>
    public IReadOnlyList<BgpSessionStatus> Sessions => _peers.Statuses;

    /// <summary>Follows the BGP part of a change of the plan. When the task is done every session knows its routes, and sends them.</summary>
    public Task<PlanOutcome> Apply(PlanChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Node != _options.Node) throw new ArgumentException($"A plan for {change.Node} came to the speaker of {_options.Node}.", nameof(change));
        var outcome = new TaskCompletionSource<PlanOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _inputs.Writer.TryWrite(new Input.Plan(change, outcome))
            ? outcome.Task
            : Task.FromException<PlanOutcome>(new ObjectDisposedException(nameof(BgpSpeaker)));
    }

    /// <summary>Leaves for a restart: peers that agreed on graceful restart keep our routes, the others are told goodbye.</summary>
    public ValueTask DisposeAsync() => new(_closing ??= Close(() => _peers.StopAll(status => status.KeepsRoutes ? null : Farewell(Stops))));

    /// <summary>Likewise, but peers that would lose our routes are asked to avoid them first (RFC 8326), and given the time to.</summary>
    public async Task Retire(TimeSpan notice)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inputs.Writer.TryWrite(new Input.Leave(told))) await told.Task;
        if (_peers.AnyDependent) await Task.Delay(notice, _services.Time);
        await DisposeAsync();
    }

    /// <summary>Leaves for good: every peer drops our routes at once, and is told why.</summary>
    public Task Leave(string text) => _closing ??= Close(() => _peers.StopAll(_ => Farewell(text)));

    /// <summary>Dies as a machine dies: connections are cut, nobody is told.</summary>
    public Task Kill() => _closing ??= Close(_peers.KillAll);

    private static Notification Farewell(string text) => Notification.Cease(CeaseSubcode.AdministrativeShutdown, text);

    private async Task Close(Func<Task> stop)
    {
        await _reporting.DisposeAsync();
        _inputs.Writer.TryComplete();
        await _running;
        await _warming;
        await _listeners.DisposeAsync();
        await _strangers.DisposeAsync();
        await stop();
        _services.Instruments.Dispose();
        _facts.Writer.TryComplete();
    }

    private async Task Run()
    {
        await foreach (var input in _inputs.Reader.ReadAllAsync())
        {
            try
            {
                Handle(input);
            }
            catch (Exception bug) // the other sessions must go on
            {
                _log.SpeakerStepFailed(bug, input.GetType().Name);
                (input as Input.Plan)?.Outcome.TrySetException(bug);
            }
        }
    }

    private void Handle(Input input)
    {
        switch (input)
        {
            case Input.Plan plan: plan.Outcome.SetResult(Follow(plan.Change)); break;
            case Input.Leave leave: Leave(leave.Told); break;
            case Input.Accepted accepted: Accept(accepted.Socket, accepted.Vrf); break;
            case Input.Changed changed: Tell(changed.Session.Status); break;
            case Input.ReportDue: Report(); break;
        }
    }

    private PlanOutcome Follow(PlanChange change)
    {
        if (change.Version <= _version) return PlanOutcome.Stale;
        if (change.From is { } from && from != _version) return PlanOutcome.Gap;
        _version = change.Version;
        if (change.From is null) _routes.Begin();
        if (change.Bgp is not { } step) return PlanOutcome.Applied;
        using var span = SpeakerInstruments.Tracing.StartActivity("bgp plan", System.Diagnostics.ActivityKind.Internal, change.TraceParent);
        if (step.Peers is { } peers)
            Follow(peers, step.ForGood ? Farewell($"node {_options.Node} is being drained") : Notification.Cease(CeaseSubcode.PeerDeconfigured));
        _routes.Apply(step);
        _peers.Advertise();
        return PlanOutcome.Applied;
    }

    private void Leave(TaskCompletionSource told)
    {
        _routes.Leave();
        _peers.Advertise();
        told.SetResult();
    }

    private void Follow(EquatableList<BgpPeer> peers, Notification farewell)
    {
        _listeners.Follow(peers);
        _peers.Follow(peers, farewell);
        TellGone();
        NoteUnheard();
    }

    // A peer that is waited for cannot say by itself that it waits in vain.
    private void NoteUnheard() => _peers.NoteWaiting(_listeners.FaultFor);

    private void Accept(Socket socket, string? vrf)
    {
        var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        var refusal = "";
        if ((_peers.Find(address, vrf) ?? _peers.Admit(address, out refusal)) is { } session) session.Accept(socket);
        else _strangers.Refuse(socket, address, refusal);
        TellGone();
    }

    private void Report()
    {
        _listeners.TryAgain();
        NoteUnheard();
        _peers.ForgetLost(_services.Time.GetUtcNow());
        TellGone();
        foreach (var status in _peers.Statuses) Tell(status);
    }

    private void TellGone()
    {
        foreach (var gone in _told.Keys.Where(session => !_peers.Has(session)).ToList())
        {
            _told.Remove(gone);
            _facts.Writer.TryWrite(new SpeakerFact.PeerGone(gone));
        }
    }

    /// <summary>A session that comes to its end after its peer was taken from the plan is told no more.</summary>
    private void Tell(BgpSessionStatus status)
    {
        if (!_peers.Has(status.Peer.Name)) return;
        var told = status.ToPeerStatus();
        if (_told.GetValueOrDefault(told.Peer) == told) return;
        _told[told.Peer] = told;
        _facts.Writer.TryWrite(new SpeakerFact.PeerChanged(told));
    }
}
