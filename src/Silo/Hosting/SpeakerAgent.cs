using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Grains.Nodes;
using OrleansLb.Speaker;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Joins one node's speaker to its grain: the plan goes to the speaker; heartbeats and facts come back. A session that breaks is begun again.
/// </summary>
internal sealed class SpeakerAgent : IPlanObserver, IDisposable
{
    /// <summary>What a leaving node's grain may take beyond the time that it gives others to take over.</summary>
    private static readonly TimeSpan LeaveMargin = TimeSpan.FromSeconds(1);

    /// <summary>Heartbeats on their way at the same time; with more the grain is not slow but away.</summary>
    private const int MostUnanswered = 16;

    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(100);

    private readonly NodeSpeaker _speaker;
    private readonly ControlPath _control;
    private readonly ClusterWord _word;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly INodeGrain _grain;
    private readonly IGrainFactory _grains;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    /// <summary>Facts that are read from the speaker and not yet reported.</summary>
    private ImmutableList<SpeakerFact> _unreported = [];
    private SpeakerFact.LinksChanged? _links;

    /// <summary>The BGP sessions as last told.</summary>
    private ImmutableSortedDictionary<string, SpeakerFact> _sessions = ImmutableSortedDictionary<string, SpeakerFact>.Empty;
    private SpeakerFact.LinkFailed? _failure;
    private ChannelWriter<PlanChange>? _steps;
    private string? _session;
    private long _version;

    /// <summary>The speaker follows the plan of the present session.</summary>
    private volatile bool _follows;
    private volatile bool _ending;

    public SpeakerAgent(NodeSpeaker speaker, ControlPath control, ClusterWord word, IGrainFactory grains, LivenessOptions liveness, TimeProvider time,
        ILogger<SpeakerAgent> log)
    {
        (Node, _speaker, _control, _word, _grains, _liveness, _time, _log) = (speaker.Node, speaker, control, word, grains, liveness, time, log);
        _grain = grains.GetGrain<INodeGrain>(speaker.Node.Value);
        _running = Task.Run(Run);
    }

    public NodeName Node { get; }

    /// <summary>What keeps it from its work, as a sentence; null when nothing does.</summary>
    public string? Missing =>
        Volatile.Read(ref _session) is null ? $"the speaker of node {Node} has not got its plan yet"
        : Volatile.Read(ref _links) is null ? $"the speaker of node {Node} does not know its interfaces yet"
        : Volatile.Read(ref _failure) is { } failure ? $"the speaker of node {Node} cannot use {failure.Interface}: {failure.Message}"
        : null;

    /// <inheritdoc/>
    public async Task PlanChanged(PlanChange change)
    {
        await _control.Pass(CancellationToken.None);
        Volatile.Read(ref _steps)?.TryWrite(change);
    }

    /// <inheritdoc/>
    public Task<EquatableList<PeerRoutes>> Routes() => Task.FromResult(_speaker.Routes);

    /// <summary>Hands its addresses over to other nodes, asks routers to avoid its routes, then falls silent.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        _ending = true;
        if (Volatile.Read(ref _session) is { } session)
        {
            try
            {
                await _control.Pass(cancellation);
                await _grain.Leave(session).WaitAsync(_liveness.LeaveTimeout + LeaveMargin, _time, cancellation);
            }
            catch (Exception failed) when (!cancellation.IsCancellationRequested)
            {
                _log.LeaveFailed(Node, failed);
            }
        }
        await End();
        await _speaker.Retire(_liveness.GracefulShutdownTime);
    }

    /// <summary>Stops as a dead machine does: nobody is told.</summary>
    public async Task Kill()
    {
        _ending = true;
        var silence = _speaker.Kill();
        await End();
        await silence;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task End()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    private async Task Run()
    {
        var self = _grains.CreateObjectReference<IPlanObserver>(this);
        while (!_stopping.IsCancellationRequested && !_ending)
        {
            try
            {
                await Session(self);
                if (!_ending) _log.SessionLost(Node);
            }
            catch (Exception failed) when (!_stopping.IsCancellationRequested)
            {
                _log.SessionFailed(Node, failed);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                break; // whatever a call says that was under way
            }
            Volatile.Write(ref _session, null);
            await Task.Delay(ReconnectDelay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _grains.DeleteObjectReference<IPlanObserver>(self);
    }

    /// <summary>One session, until the grain no longer knows it or the plan has a gap.</summary>
    private async Task Session(IPlanObserver self)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var session = Guid.NewGuid().ToString("n");
        var steps = Channel.CreateUnbounded<PlanChange>(new() { SingleReader = true });
        _follows = false;
        Volatile.Write(ref _steps, steps.Writer); // before the call: steps may come before its answer
        await _control.Pass(_stopping.Token);
        var whole = await _grain.Connect(self, session, _speaker.Assignments);
        Task[] parts = [Follow(whole, steps.Reader, ended.Token), Beat(session, ended.Token), Report(session, ended.Token)];
        Volatile.Write(ref _session, session);
        var first = await Task.WhenAny(parts);
        await ended.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task Follow(PlanChange whole, ChannelReader<PlanChange> steps, CancellationToken ended)
    {
        await Apply(whole);
        _follows = true;
        await foreach (var step in steps.ReadAllAsync(ended))
        {
            if (await Apply(step) == PlanOutcome.Gap) return;
        }
    }

    private async Task<PlanOutcome> Apply(PlanChange change)
    {
        var outcome = await _speaker.Apply(change);
        _log.PlanGiven(Node, change.Version, outcome);
        if (outcome == PlanOutcome.Applied) Volatile.Write(ref _version, change.Version);
        return outcome;
    }

    /// <summary>Beats at its interval although answers come late, as on a busy machine: a node is not dead because its grain is slow to answer.</summary>
    private async Task Beat(string session, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(_liveness.HeartbeatInterval, _time);
        var unanswered = new Queue<Task<bool>>();
        do
        {
            unanswered.Enqueue(Heartbeat(session, ended));
            while (unanswered.Count >= MostUnanswered || (unanswered.TryPeek(out var first) && first.IsCompleted))
            {
                if (await unanswered.Dequeue()) continue;
                if (!_ending) _speaker.Doubt();
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(ended));
    }

    /// <summary>
    /// The word that a plan stands counts from when it was asked for, and for a speaker that has that plan: what was
    /// answered before a standstill says nothing about it.
    /// </summary>
    private async Task<bool> Heartbeat(string session, CancellationToken ended)
    {
        await _control.Pass(ended);
        var askedAt = _time.GetTimestamp();
        var follows = _follows;
        var plan = await _grain.Heartbeat(session, Volatile.Read(ref _version));
        if (plan is { } version && follows) _speaker.Confirm(Math.Min(askedAt, _word.AskedAt), version);
        return plan is not null;
    }

    /// <summary>A new session is told the interfaces first, and how the BGP sessions stand: the grain may know nothing of them.</summary>
    private async Task Report(string session, CancellationToken ended)
    {
        _unreported = [.. _links is { } known ? [known] : (SpeakerFact[])[], .. _sessions.Values, .. _unreported];
        do
        {
            while (_speaker.Facts.TryRead(out var fact)) Note(fact);
            await _control.Pass(ended);
            if (_unreported.Count > 0) await _grain.Report(session, _unreported.ToEquatableList());
            _unreported = [];
        }
        while (await _speaker.Facts.WaitToReadAsync(ended));
    }

    private void Note(SpeakerFact fact)
    {
        if (fact is SpeakerFact.LinksChanged links) Volatile.Write(ref _links, links);
        if (fact is SpeakerFact.LinkFailed failure && _links?.Links.Links.Any(link => link.Name == failure.Interface) == true)
            Volatile.Write(ref _failure, failure);
        if (fact is SpeakerFact.Announced announced && announced.Interfaces.Contains(_failure?.Interface ?? "")) Volatile.Write(ref _failure, null);
        if (fact is SpeakerFact.PeerChanged peer) _sessions = _sessions.SetItem(peer.Status.Peer, peer);
        if (fact is SpeakerFact.PeerGone gone) _sessions = _sessions.Remove(gone.Peer);
        _unreported = _unreported.Add(fact);
    }
}
