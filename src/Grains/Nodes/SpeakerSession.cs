using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <summary>One session of a node's speaker: tells it the steps of its plan in order, one at a time, and listens for its heartbeats.</summary>
internal sealed class SpeakerSession
{
    /// <summary>Heartbeats in a row that may name the same old plan version while no step is on its way; then the speaker is told all of it again.</summary>
    private const int StaleHeartbeats = 40;

    private readonly IPlanObserver _speaker;
    private readonly NodePlan _plan;
    private readonly ILogger _logger;
    private readonly SingleFlight _telling;
    private NodeLiveness _liveness;
    private string? _traceParent;
    private bool _ended;
    private bool _whole;
    private int _stale;

    public SpeakerSession(IPlanObserver speaker, string id, NodePlan plan, DateTimeOffset now, ILogger logger)
    {
        (_speaker, Id, _plan, _logger) = (speaker, id, plan, logger);
        _liveness = NodeLiveness.Begin(now);
        _telling = new(TellOnce);
        Confirmed = Begun = plan.Version;
    }

    public string Id { get; }

    /// <summary>The version of the whole plan with which the session began.</summary>
    public long Begun { get; }

    /// <summary>The plan version that the speaker last said it had.</summary>
    public long Confirmed { get; private set; }

    /// <summary>Done when the speaker has taken all that there is to tell.</summary>
    public Task Told { get; private set; } = Task.CompletedTask;

    /// <summary>Tells what is untold, together with what is added until the speaker is ready for it.</summary>
    public void Tell(string? traceParent)
    {
        if (!_plan.HasUntold && !_whole) return; // nor is what changed nothing the cause of the next step
        _traceParent = traceParent ?? _traceParent;
        Told = _telling.Run();
        Told.Observe(_logger, "Telling a speaker its plan", () => _whole = true);
    }

    /// <summary>Answers the version that the speaker will have once it has been told all.</summary>
    public long Heard(long planVersion)
    {
        _liveness = _liveness.Heard();
        _stale = Told.IsCompleted && planVersion != _plan.Version && planVersion == Confirmed ? _stale + 1 : 0;
        Confirmed = planVersion;
        if (_stale >= StaleHeartbeats)
        {
            (_whole, _stale) = (true, 0);
            Tell(null);
        }
        return _plan.HasUntold || _whole ? _plan.Version + 1 : _plan.Version;
    }

    /// <summary>What the speaker says of its BGP routes.</summary>
    public Task<EquatableList<PeerRoutes>> Routes() => _speaker.Routes();

    public void Look(DateTimeOffset now, TimeSpan interval) => _liveness = _liveness.Look(now, interval);

    /// <summary>The grain's own turn took that long.</summary>
    public void Waited(TimeSpan forTurn, LivenessOptions options) => _liveness = _liveness.Waited(forTurn, options.HeartbeatInterval, options.Timeout);

    public bool IsSilent(TimeSpan timeout) => _liveness.IsDead(timeout);

    public void End() => _ended = true;

    private async Task TellOnce()
    {
        if (_ended || (!_plan.HasUntold && !_whole)) return;
        var step = _whole ? _plan.Whole(_plan.Version + 1, _traceParent) : _plan.Step(_traceParent);
        (_whole, _traceParent) = (false, null);
        _logger.PlanTold(Id, step.Version);
        await _speaker.PlanChanged(step);
    }
}
