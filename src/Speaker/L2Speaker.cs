using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Announcing;
using OrleansLb.Speaker.Fencing;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker;

/// <summary>
/// Answers on the segment for the addresses that its node's plan holds, by ARP and neighbour discovery, and tells what it sees. It decides nothing about
/// who announces what.
/// </summary>
public sealed class L2Speaker : IAsyncDisposable
{
    private static readonly TimeSpan WatchRetry = TimeSpan.FromSeconds(1);

    /// <summary>Of a flood of claims of one address, the loop hears one in this time.</summary>
    private static readonly TimeSpan ClaimInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Whoever writes wakes the loop's thread itself: no thread of the pool need come between.</summary>
    private readonly Channel<SpeakerInput> _inputs =
        Channel.CreateUnbounded<SpeakerInput>(new() { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly Channel<SpeakerFact> _facts = Channel.CreateUnbounded<SpeakerFact>();
    private readonly ConcurrentDictionary<Address, long> _reported = new();
    private readonly HashSet<string> _missed = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly L2SpeakerOptions _options;
    private readonly ILinkProvider _links;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _alarm;
    private readonly Vigil _vigil;
    private readonly Task _running;
    private readonly PlanPromises _promises = new();
    private AppliedPlan _plan = AppliedPlan.None;
    private Task? _closing;
    private volatile bool _killed;
    private volatile bool _alone;

    /// <summary>Starts the speaker; a plan that is applied before it knows its interfaces waits until it does.</summary>
    public L2Speaker(L2SpeakerOptions options, ILinkProvider links, TimeProvider time, ILogger<L2Speaker> log)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_options, _links, _time, _log) = (options, links, time, log);
        _alarm = time.CreateTimer(_ => _inputs.Writer.TryWrite(new SpeakerInput.Alarm()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _vigil = new(time, options.Fencing, () => _inputs.Writer.TryWrite(new SpeakerInput.Fenced()));
        ResponderWarmUp.Run();
        _running = Run();
    }

    /// <summary>What the speaker saw and did, for one reader; complete once it has stopped.</summary>
    public ChannelReader<SpeakerFact> Facts => _facts.Reader;

    /// <summary>What it announces, or is to announce as soon as it can.</summary>
    public EquatableList<Assignment> Assignments => Volatile.Read(ref _plan).Assignments.Values.OrderBy(assignment => assignment.Address).ToEquatableList();

    /// <summary>Follows a change of the plan. When the task is done the first announcements have left (those of a large plan follow in bursts).</summary>
    public Task<PlanOutcome> Apply(PlanChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Node != _options.Node) throw new ArgumentException($"A plan for {change.Node} came to the speaker of {_options.Node}.", nameof(change));
        var outcome = new TaskCompletionSource<PlanOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _inputs.Writer.TryWrite(new SpeakerInput.Plan(change, outcome))
            ? outcome.Task
            : Task.FromException<PlanOutcome>(new ObjectDisposedException(nameof(L2Speaker)));
    }

    /// <summary>
    /// The cluster says that this speaker's plan stands, in answer to a question that was asked at <paramref name="askedAt"/> (a timestamp of the speaker's
    /// clock). A speaker that is told so once is alone when it is not told again for a while; one that never is needs no such word.
    /// </summary>
    /// <param name="version">The plan of which it is said; the word counts once the speaker follows that: what it has
    /// not heard yet may be a withdrawal.</param>
    public void Confirm(long askedAt, long version = 0)
    {
        if (Volatile.Read(ref _plan).Version >= version) Confirm(askedAt);
        else _inputs.Writer.TryWrite(new SpeakerInput.Promised(askedAt, version));
    }

    private void Confirm(long askedAt)
    {
        var fencedAt = _vigil.LastFence;
        if (_vigil.Confirm(askedAt)) _inputs.Writer.TryWrite(new SpeakerInput.Confirmed(fencedAt));
        else if (_alone && _vigil.FencedSince is null && _time.GetElapsedTime(askedAt) < _options.Fencing.ContactTimeout)
            _inputs.Writer.TryWrite(new SpeakerInput.Confirmed(null));
    }

    /// <summary>
    /// The cluster no longer knows this speaker and may have given its addresses to others: it says nothing until it is confirmed or finds out.
    /// </summary>
    public void Doubt() => _vigil.Fence();

    /// <summary>Falls silent for every address, tells so, and closes.</summary>
    public ValueTask DisposeAsync() => new(_closing ??= Close());

    /// <summary>Dies as a machine dies: the sockets close, nobody is told.</summary>
    public ValueTask Kill()
    {
        _killed = true;
        return DisposeAsync();
    }

    private async Task Close()
    {
        _inputs.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running;
        await _alarm.DisposeAsync();
        _vigil.Dispose();
        _stopping.Dispose();
    }

    private async Task Run()
    {
        var watching = Task.Run(() => Watch(_stopping.Token));
        await Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await watching;
        _facts.Writer.Complete();
    }

    /// <summary>
    /// The one loop: it owns the announcer. Nothing is followed before the interfaces are known. It has a thread of its own, for it is to take over what a lost
    /// node announced in the moment in which the pool has the most to do.
    /// </summary>
    private void Loop()
    {
        Thread.CurrentThread.Name = $"{nameof(L2Speaker)} {_options.Node}";
        ThreadUrgency.Prefer();
        using var announcer = new Announcer(_options, _links, _vigil, _time, _log, Tell, Sighted);
        var waiting = new Queue<SpeakerInput>();
        var knowsLinks = false;
        foreach (var input in Inputs())
        {
            if (input is SpeakerInput.Links && !knowsLinks)
            {
                knowsLinks = true;
                Step(announcer, input);
            }
            else waiting.Enqueue(input);
            while (knowsLinks && !_killed && waiting.TryDequeue(out var next)) Step(announcer, next);
        }
        if (!_killed) announcer.WithdrawAll();
        foreach (var plan in waiting.OfType<SpeakerInput.Plan>()) plan.Outcome.SetCanceled();
    }

    /// <summary>Until there will be no more; waits for each on this thread.</summary>
    private IEnumerable<SpeakerInput> Inputs()
    {
        while (_inputs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_inputs.Reader.TryRead(out var input)) yield return input;
        }
    }

    private void Step(Announcer announcer, SpeakerInput input)
    {
        var done = TryTake(announcer, input);
        _alone = announcer.IsAlone;
        SetAlarm(announcer);
        done?.Invoke();
    }

    /// <summary>Takes one input; returns what its sender is to be told once all is set for the next.</summary>
    private Action? TryTake(Announcer announcer, SpeakerInput input)
    {
        try
        {
            if (input is SpeakerInput.Links links) Follow(announcer, links.Change);
            if (input is SpeakerInput.Claim claim) announcer.Hear(claim.Sighting);
            if (input is SpeakerInput.Fenced) announcer.Fence();
            if (input is SpeakerInput.Confirmed confirmed) announcer.Confirm(confirmed.FencedAt);
            if (input is SpeakerInput.Promised promised) _promises.Add(promised.AskedAt, promised.Version);
            var outcome = input is SpeakerInput.Plan plan ? Follow(announcer, plan.Change) : default;
            if (_promises.TakeFor(_plan.Version) is { } askedAt) Confirm(askedAt);
            announcer.TellDue();
            return () => (input as SpeakerInput.Plan)?.Outcome.SetResult(outcome);
        }
        catch (Exception bug) // the addresses that are announced must go on being so
        {
            _log.StepFailed(bug, input.GetType().Name);
            return () => (input as SpeakerInput.Plan)?.Outcome.SetException(bug);
        }
    }

    /// <summary>Looks twice: a pause between the look at the clock and the setting of the alarm would make it late by as much.</summary>
    private void SetAlarm(Announcer announcer)
    {
        var wait = UntilAlarm(announcer);
        _alarm.Change(wait, Timeout.InfiniteTimeSpan);
        if (UntilAlarm(announcer) is var now && now < wait && now >= TimeSpan.Zero) _alarm.Change(now, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whole milliseconds, upwards: an alarm that came early would find nothing to do.</summary>
    private static TimeSpan UntilAlarm(Announcer announcer) =>
        announcer.UntilNext is { } wait ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))) : Timeout.InfiniteTimeSpan;

    private PlanOutcome Follow(Announcer announcer, PlanChange change)
    {
        var step = _plan.Apply(change);
        if (step.Outcome != PlanOutcome.Applied) _log.PlanNotFollowed(change.Version, step.Outcome, _plan.Version);
        _plan = step.Plan;
        foreach (var assignment in step.Changed) announcer.Assign(assignment, change.TraceParent);
        foreach (var address in step.Withdrawn) announcer.Withdraw(address);
        foreach (var address in step.Withdrawn) _reported.TryRemove(address, out _);
        return step.Outcome;
    }

    private void Follow(Announcer announcer, LinksChange change)
    {
        var links = new NodeLinks(change.Links.Links.Select(link => link with { Usable = link.Usable && IsAllowed(link.Name) }).ToEquatableList());
        _log.LinksChanged(string.Join("; ", links.Links.Select(MissingInterface.Describe)));
        Tell(new SpeakerFact.LinksChanged(links));
        ReportMissing(links);
        announcer.Follow(change with { Links = links });
    }

    /// <summary>Names that the options give and that are no interface: most likely a slip of the pen. Each is told when it is first missed.</summary>
    private void ReportMissing(NodeLinks links)
    {
        var names = links.Links.Select(link => link.Name).ToHashSet();
        foreach (var name in _options.Interfaces.Where(name => !names.Contains(name) && _missed.Add(name)))
        {
            var cause = new LinkException($"There is no interface '{name}' on this node; there are {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
            _log.LinkFailed(cause, name);
            Tell(new SpeakerFact.LinkFailed(name, cause.Message));
        }
        _missed.IntersectWith(_options.Interfaces.Where(name => !names.Contains(name)));
    }

    private bool IsAllowed(string name) => (_options.Interfaces.Count == 0 || _options.Interfaces.Contains(name))
        && !_options.ExcludedInterfaces.Any(excluded => InterfaceSelection.Names(excluded, name));

    private async Task Watch(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _links.Watch(stopping)) _inputs.Writer.TryWrite(new SpeakerInput.Links(change));
            }
            catch (Exception failed) when (!stopping.IsCancellationRequested)
            {
                _log.WatchFailed(failed);
                await Task.Delay(WatchRetry, _time, stopping).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Tell(SpeakerFact fact)
    {
        if (!_killed) _facts.Writer.TryWrite(fact);
    }

    /// <summary>Called on a responder's thread for each frame of a foreign claim; a flood of them comes down to a few.</summary>
    private void Sighted(Sighting sighting)
    {
        if (IsNews(sighting.Address, _time.GetTimestamp())) _inputs.Writer.TryWrite(new SpeakerInput.Claim(sighting));
    }

    private bool IsNews(Address address, long now) =>
        _reported.TryAdd(address, now)
        || (_reported.TryGetValue(address, out var last) && _time.GetElapsedTime(last, now) >= ClaimInterval && _reported.TryUpdate(address, now, last));
}
