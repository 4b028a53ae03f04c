using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Silo.Hosting;

/// <summary>Warns when a process that works alone is not the only one that serves its cluster, at its start and whenever that changes.</summary>
internal sealed class LoneKeeper(LoneProcess process, NodeName node, IEventRecorder events, TimeProvider time, ILogger<LoneKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private EquatableList<string> _others = [];
    private bool _isBlind;

    /// <summary>Never fails, unless it is cancelled.</summary>
    public async Task Look(CancellationToken cancellation)
    {
        try
        {
            var others = await process.Look(cancellation);
            _isBlind = false;
            if (others != _others) Tell(others);
            _others = others;
        }
        catch (Exception fault) when (IsOfTheApi(fault))
        {
            if (!_isBlind) log.OthersNotSeen(fault.Message);
            _isBlind = true;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(Farewell, time);
        try
        {
            await process.Leave(patience.Token);
        }
        catch (Exception fault) when (IsOfTheApi(fault) || fault is OperationCanceledException)
        {
            log.SignNotTakenAway(fault.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do await Look(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Tell(EquatableList<string> others)
    {
        if (others.Count == 0)
        {
            log.ServesAlone();
            return;
        }
        var message = $"This process serves the cluster alone, and so do others: {string.Join(", ", others)}. They know nothing of each other and overwrite the "
            + "statuses of each other's Services. Start all of them with '--cluster kubernetes', or let only one run; processes that are to be strangers need a "
            + "--cluster-id and a --lb-class each.";
        log.ServedBesides(message);
        events.Record(new("v1", "Node", "", node.Value), warning: true, "ServedTwice", message);
    }

    private static bool IsOfTheApi(Exception fault) => fault is RecordUnavailableException or TimeoutException;
}
