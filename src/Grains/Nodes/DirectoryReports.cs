using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <summary>Tells the directory how a node stands, one call at a time. What is to be told once is kept until it was heard.</summary>
internal sealed class DirectoryReports
{
    private readonly NodeName _node;
    private readonly IGrainFactory _grains;
    private readonly Func<NodeReport> _standing;
    private readonly Action<Func<Task>> _retry;
    private readonly ILogger _logger;
    private readonly SingleFlight _telling;
    private EquatableList<ServiceName> _orphans = [];
    private EquatableList<LostService> _lost = [];
    private EquatableList<ServiceName> _found = [];
    private EquatableList<Inheritance> _inherited = [];
    private bool _forgot = true;

    /// <param name="standing">How the node stands now.</param>
    /// <param name="retry">Calls what it is given after a while.</param>
    public DirectoryReports(NodeName node, IGrainFactory grains, Func<NodeReport> standing, Action<Func<Task>> retry, ILogger logger)
    {
        (_node, _grains, _standing, _retry, _logger) = (node, grains, standing, retry, logger);
        _telling = new(Tell);
    }

    /// <summary>A report that begins after this call; its task ends, or fails, with it.</summary>
    public Task Run() => _telling.Run();

    /// <summary>The same, tried again until it is heard.</summary>
    public void RunSoon() => Run().Observe(_logger, $"Telling the directory of node {_node}", () => _retry(Run));

    /// <summary>Others are to announce these.</summary>
    /// <param name="lost">Those of them that it has announced.</param>
    public void Orphaned(EquatableList<ServiceName> services, EquatableList<LostService> lost) => (_orphans, _lost) = (services, lost);

    /// <summary>Its speaker announced these before anybody here knew of it.</summary>
    public void Found(EquatableList<ServiceName> services) => _found = services;

    /// <summary>The node has taken this over from a lost one.</summary>
    public void Inherited(Inheritance inheritance) => _inherited = [.. _inherited, inheritance];

    private async Task Tell()
    {
        var (orphans, found, inherited) = (_orphans, _found, _inherited);
        var report = _standing() with { Orphans = orphans, Lost = _lost, Found = found, Inherited = inherited, Forgot = _forgot };
        _forgot = false;
        await _grains.NodeDirectory().Report(report);
        if (_orphans == orphans) (_orphans, _lost) = ([], []);
        if (_found == found) _found = [];
        _inherited = _inherited.Skip(inherited.Count).ToEquatableList();
    }
}
