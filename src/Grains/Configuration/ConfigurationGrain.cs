using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Configuration;

/// <inheritdoc cref="IConfigurationGrain"/>
[Reentrant, KeepAlive]
public sealed class ConfigurationGrain(
    IEventRecorder events, IConfigurationStatusWriter status, IOptions<ReportOptions> options, TimeProvider time, ILogger<ConfigurationGrain> logger)
    : Grain, IConfigurationGrain
{
    private ClusterConfiguration _live = ClusterConfiguration.Empty;
    private DeclaredConfiguration _declared = DeclaredConfiguration.None;
    private ConfigurationReport? _reported;
    private long _revision;
    private SingleFlight _telling = null!;

    /// <summary>Pools of the configurations that have not been told to everyone yet.</summary>
    private EquatableList<PoolName> _formerPools = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _telling = new(Tell);
        Take(await GrainFactory.Sync().Declared());
        var (interval, compare) = (options.Value.Interval, options.Value.CompareInterval);
        var reporting = new Reporting(
            () => _revision + (time.GetUtcNow().Ticks / compare.Ticks), Report, new(interval, options.Value.RetryLimit), time,
            fault => logger.StatusNotWritten("verdicts on the configuration", fault.Message));
        this.RegisterGrainTimer(reporting.Turn, new() { DueTime = interval, Period = interval, Interleave = true });
    }

    public async Task<ClusterConfiguration> Apply(DeclaredConfiguration declared)
    {
        if (Take(declared)) await _telling.Run();
        return _live;
    }

    public Task<ClusterConfiguration> Current() => Task.FromResult(_live);

    private bool Take(DeclaredConfiguration declared)
    {
        (_declared, _revision) = (declared, _revision + 1);
        var next = ConfigurationCompiler.Compile(declared, _live);
        if (ReferenceEquals(next, _live)) return false;
        foreach (var problem in next.Problems.Except(_live.Problems)) Record(problem);
        _formerPools = _formerPools.Concat(_live.Pools.Select(pool => pool.Name)).Distinct().ToEquatableList();
        _live = next with { Version = Math.Max(next.Version, time.GetUtcNow().ToUnixTimeMilliseconds()) };
        logger.ConfigurationChanged(_live.Version, _live.Pools.Count, _live.Problems.Count);
        return true;
    }

    /// <summary>Pools first: a service that asks after them finds them as it knows them from the configuration.</summary>
    private async Task Tell()
    {
        var (live, former) = (_live, _formerPools);
        await Task.WhenAll(former.Concat(live.Pools.Select(pool => pool.Name)).Distinct()
            .Select(pool => GrainFactory.Pool(pool).ConfigurationChanged(live.Version)));
        await Task.WhenAll(GrainFactory.ServiceIndex().ConfigurationChanged(live.Version), GrainFactory.Routes().ConfigurationChanged(live.Version));
        if (ReferenceEquals(live, _live)) _formerPools = [];
    }

    /// <summary>Nodes come and go without a word to this grain; those that have come are seen at the next comparison.</summary>
    private async Task<bool> Report()
    {
        var nodes = (await GrainFactory.NodeDirectory().Current()).Nodes.Where(node => node.Alive).Select(node => node.Name).ToEquatableList();
        var report = ConfigurationReport.Of(_declared, _live, nodes);
        await status.Write(report, CancellationToken.None);
        foreach (var verdict in report.NewlyAccepted(_reported))
            events.Record(verdict.Object, warning: false, nameof(Reason.ConfigurationAccepted), verdict.Message);
        _reported = report;
        return true;
    }

    private void Record(Problem problem)
    {
        var wrong = problem.Severity == Severity.Error;
        logger.ConfigurationProblem(wrong ? LogLevel.Error : LogLevel.Warning, problem);
        var message = problem.Field.Length == 0 ? problem.Message : $"{problem.Field}: {problem.Message}";
        events.Record(problem.Object, warning: true, (wrong ? Reason.ConfigurationRefused : Reason.ConfigurationWarning).ToString(), message);
    }
}
