using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker;

/// <summary>
/// All that speaks for one node: on the segment from the start, and to BGP peers from the first plan that names any. A node without peers opens no BGP port.
/// </summary>
public sealed class NodeSpeaker : IAsyncDisposable
{
    private readonly Channel<SpeakerFact> _facts = Channel.CreateUnbounded<SpeakerFact>(new() { SingleReader = true });
    private readonly INetworkScope? _stack;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly L2Speaker _segment;
    private readonly Task _segmentFacts;
    private Task _bgpFacts = Task.CompletedTask;
    private BgpSpeaker? _bgp;
    private bool _refused;

    /// <param name="stack">The network stack in which BGP connects and listens; null where there is none, as on a segment in memory.</param>
    public NodeSpeaker(L2SpeakerOptions options, ILinkProvider links, INetworkScope? stack, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Node, _stack, _time, _logs) = (options.Node, stack, time, logs);
        _segment = new(options, links, time, logs.CreateLogger<L2Speaker>());
        _segmentFacts = Pass(_segment.Facts);
    }

    public NodeName Node { get; }

    /// <summary>What is announced on the segment, as the plan said.</summary>
    public EquatableList<Assignment> Assignments => _segment.Assignments;

    /// <summary>Every BGP session at this moment, with its routes.</summary>
    public IReadOnlyList<BgpSessionStatus> Sessions => _bgp?.Sessions ?? [];

    /// <summary>What each BGP peer has been told at this moment, and what not and why.</summary>
    public EquatableList<PeerRoutes> Routes => Sessions.Select(RouteTranslation.ToPeerRoutes).ToEquatableList();

    /// <summary>What was seen and done, for one reader; complete once everything has stopped.</summary>
    public ChannelReader<SpeakerFact> Facts => _facts.Reader;

    /// <summary>Follows a change of the plan, one at a time. When the task is done the first announcements have left.</summary>
    public async Task<PlanOutcome> Apply(PlanChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var routes = Route(change);
        var outcome = await _segment.Apply(change);
        var routed = await routes;
        return outcome == PlanOutcome.Gap || routed == PlanOutcome.Gap ? PlanOutcome.Gap : outcome;
    }

    /// <inheritdoc cref="L2Speaker.Confirm"/>
    public void Confirm(long askedAt, long version) => _segment.Confirm(askedAt, version);

    /// <inheritdoc cref="L2Speaker.Doubt"/>
    public void Doubt() => _segment.Doubt();

    /// <summary>Falls silent for every address, closes every session (a peer with graceful restart keeps our routes for a while), then stops.</summary>
    public ValueTask DisposeAsync() => new(Retire(TimeSpan.Zero));

    /// <summary>Likewise, but routers that would lose our routes are asked to avoid them first, and given this time to.</summary>
    public async Task Retire(TimeSpan notice)
    {
        await _segment.DisposeAsync();
        if (_bgp is { } bgp) await bgp.Retire(notice);
        await Finish();
    }

    /// <summary>Dies as a machine dies: sockets close, nobody is told.</summary>
    public async Task Kill()
    {
        var silence = _segment.Kill();
        if (_bgp is { } bgp) await bgp.Kill();
        await silence;
        await Finish();
    }

    private Task<PlanOutcome> Route(PlanChange change)
    {
        if (_bgp is { } running) return running.Apply(change);
        if (change.Bgp?.Peers is not { Count: > 0 }) return Task.FromResult(PlanOutcome.Applied);
        if (_stack is null) return Task.FromResult(Refuse());
        _bgp = new(new() { Node = Node }, _stack, _time, _logs.CreateLogger<BgpSpeaker>());
        _bgpFacts = Pass(_bgp.Facts);
        return _bgp.Apply(change with { From = null }); // the first step with peers is all that there is of them
    }

    private PlanOutcome Refuse()
    {
        if (!_refused)
            _facts.Writer.TryWrite(new SpeakerFact.LinkFailed("bgp",
                $"node {Node} is on a segment in memory: there is no network on which it could reach a BGP peer."));
        _refused = true;
        return PlanOutcome.Applied;
    }

    private async Task Pass(ChannelReader<SpeakerFact> facts)
    {
        await foreach (var fact in facts.ReadAllAsync()) _facts.Writer.TryWrite(fact);
    }

    private async Task Finish()
    {
        await Task.WhenAll(_segmentFacts, _bgpFacts);
        _facts.Writer.TryComplete();
    }
}
