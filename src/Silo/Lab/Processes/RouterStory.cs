using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// Processes that peer with a real router: stopped in order, killed, frozen, without a cable, restarted one after another. The router's table is heard change
/// by change, and clients behind it ask on and on.
/// </summary>
internal sealed class RouterStory(ProcessStage processes, RouterKind kind)
{
    private const int Count = 100;

    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(10);

    /// <summary>What a busy machine may take for what is the work of a moment.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    /// <summary>A node that says nothing is found by the hold time, which begins with the last that it said.</summary>
    private static readonly TimeSpan ByHoldTime = TimeSpan.FromSeconds(RouterStage.HoldTime) + AtOnce;

    private readonly List<RouterFault> _faults = [];

    public async Task Play(CancellationToken cancellation)
    {
        await using var stage = await RouterStage.Start(processes, kind, cancellation);
        await stage.Peer(gracefulRestart: false, cancellation);
        stage.Narrator.Step($"Creating {Count} Services, of which one in five has the policy Local");
        var served = await stage.Serve(Count, cancellation);
        stage.Narrator.Seen($"the router's kernel had all of them, by way of every node that is to announce them, {served:0} ms after the first was created");
        try
        {
            await Play(stage, cancellation);
        }
        finally
        {
            processes.Routers = new(stage.Version, Count, served, _faults);
        }
    }

    private async Task Play(RouterStage stage, CancellationToken cancellation)
    {
        var trial = new RouterTrial(stage, _faults.Add);
        var nodes = stage.Cluster.Network.Plan.Nodes;
        await Killed(trial, stage, nodes[^1], cancellation);
        await Freezes(trial, stage, nodes[0], cancellation);
        await LinkDrops(trial, stage, nodes[1], cancellation);
        foreach (var node in nodes) await Restarted(trial, stage, node, cancellation);
        stage.Narrator.Step("Turning graceful restart on, for which each session begins anew");
        await stage.Peer(gracefulRestart: true, cancellation);
        await stage.ExpectTable(cancellation);
        foreach (var node in nodes) await RestartedGracefully(trial, stage, node, cancellation);
        await KilledGracefully(trial, stage, nodes[^1], cancellation);
    }

    private static Task Killed(RouterTrial trial, RouterStage stage, LabMachine node, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Killing the process of {node.Name} (kill -9)");
        return trial.Lose("process killed", node, AtOnce, () => Kill(stage, node), () => Begin(stage, node, cancellation), cancellation);
    }

    private static Task Restarted(RouterTrial trial, RouterStage stage, LabMachine node, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Restarting the process of {node.Name} in order (SIGTERM)");
        return trial.Lose("restarted in order", node, AtOnce, () => stage.Cluster.Process(new(node.Name)).Stop(cancellation),
            () => Begin(stage, node, cancellation), cancellation);
    }

    /// <summary>While it is frozen a Service goes and the endpoints of another move: when it wakes it must not announce what it knew.</summary>
    private static async Task Freezes(RouterTrial trial, RouterStage stage, LabMachine node, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Freezing the process of {node.Name} for {Frozen.TotalSeconds:0} s (SIGSTOP), while a Service is deleted and the endpoints of "
            + "another move away from it");
        var (deleted, moved) = (stage.Services.Last(service => !service.IsLocal), stage.AnnouncedBy(node).Last(service => service.IsLocal));
        var process = stage.Cluster.Process(new(node.Name));
        var (frozen, woken) = (stage.Time.GetTimestamp(), 0L);
        await trial.Lose("process frozen", node, ByHoldTime, () => process.Freeze(cancellation), async () =>
        {
            await stage.Delete(deleted, cancellation);
            await stage.MoveEndpoints(moved, [.. stage.Cluster.Network.Plan.Nodes.Where(other => other != node).Take(2)]);
            await stage.ExpectTable(cancellation, without: node);
            var left = Frozen - stage.Time.GetElapsedTime(frozen);
            if (left > TimeSpan.Zero) await Task.Delay(left, stage.Time, cancellation);
            woken = stage.Time.GetTimestamp();
            await process.Wake(cancellation);
        }, cancellation);
        var stale = stage.History.Since(woken).FirstOrDefault(change => (change.Prefix == deleted.Prefix || change.Prefix == moved.Prefix)
            && change.NextHops.Contains(LabPlan.RoutedAddressOf(node)));
        if (stale is not null)
            throw new UnexpectedException($"{node.Name} announces nothing that went away while it was frozen",
                $"the router had {stale.Prefix} from it {stage.Time.GetElapsedTime(woken, stale.At).TotalMilliseconds:0} ms after it woke");
        stage.Narrator.Seen($"it never announced {deleted.Prefix} and {moved.Prefix} again, which went away while it was frozen");
    }

    /// <summary>The one fault in which packets are lost: the router goes on to send to the node until the hold time is over.</summary>
    private static Task LinkDrops(RouterTrial trial, RouterStage stage, LabMachine node, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Pulling the cable of {node.Name}");
        var name = new NodeName(node.Name);
        return trial.Lose("link dropped", node, ByHoldTime, () => stage.Cluster.Network.Unplug(name, cancellation),
            () => stage.Cluster.Network.Plug(name, cancellation), cancellation, mayLose: true);
    }

    private static Task RestartedGracefully(RouterTrial trial, RouterStage stage, LabMachine node, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Restarting the process of {node.Name} in order, with graceful restart");
        return trial.Keep("restarted gracefully", node, () => stage.Cluster.Process(new(node.Name)).Stop(cancellation), () => Begin(stage, node, cancellation),
            cancellation);
    }

    private static Task KilledGracefully(RouterTrial trial, RouterStage stage, LabMachine node, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Killing the process of {node.Name}, with graceful restart");
        return trial.Keep("killed with graceful restart", node, () => Kill(stage, node), () => Begin(stage, node, cancellation), cancellation);
    }

    private static Task Kill(RouterStage stage, LabMachine node)
    {
        stage.Cluster.Process(new(node.Name)).Kill();
        return Task.CompletedTask;
    }

    private static Task Begin(RouterStage stage, LabMachine node, CancellationToken cancellation) => stage.Cluster.StartNode(new(node.Name), cancellation);
}
