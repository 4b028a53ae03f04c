using System.Net;
using OrleansLb.Core;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary><c>orleanslb lab --processes</c>: the product as a cluster runs it, a process on each node, and every way in which one can fail.</summary>
internal sealed class ProcessStory(LabPlan plan, IPEndPoint http, Narrator narrator, TimeProvider time)
{
    private const int Services = 12;
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);

    /// <summary>How long the wire is watched after a fault has healed.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(2);

    public async Task<ProcessReport> Play(CancellationToken cancellation)
    {
        if (!GrainHosting.CanCluster) throw new OperatorException("lab --processes needs the product build: a process on each node is a cluster, and clusters need Microsoft Orleans. Build with LB_BUILD=product, with a package registry that has Microsoft.Orleans.Server.");
        narrator.Step($"Building {plan.Nodes.Count} nodes, a client and a machine for the Kubernetes API, on one segment of network namespaces");
        await using var network = await Make(cancellation);
        narrator.Step("Starting a process on each node");
        await using var cluster = await ProcessCluster.Start(network, http, cancellation);
        await cluster.Members(cluster.Nodes, cancellation);
        narrator.Say($"the API is at {cluster.Api.Local}; its siloclusters and leases are the membership");
        var stage = new ProcessStage(cluster, narrator, time);
        var ok = await Tell(cluster, stage, cancellation);
        return new(ok, ProductVersion.Build, plan.Nodes.Count, stage.Faults);
    }

    private async Task<NamespaceNetwork> Make(CancellationToken cancellation)
    {
        try
        {
            return await NamespaceNetwork.Create(plan, cancellation);
        }
        catch (NotPermittedException forbidden)
        {
            throw new OperatorException($"lab --processes needs network namespaces, so root on Linux: {forbidden.Message}", forbidden);
        }
    }

    private async Task<bool> Tell(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        try
        {
            narrator.Step($"Creating {Services} Services");
            await stage.Serve(Services, cancellation);
            await Killed(cluster, stage, cancellation);
            await Stopped(cluster, stage, cancellation);
            await Freezes(cluster, stage, cancellation);
            await LinkDrops(cluster, stage, cancellation);
            await IsCutOff(cluster, stage, cancellation);
            await ApiGone(cluster, stage, cancellation);
            await HalfGone(cluster, stage, cancellation);
            return true;
        }
        catch (UnexpectedException unexpected)
        {
            narrator.Failed($"\n   expected: {unexpected.Expected}\n   seen:     {unexpected.Seen}");
            return false;
        }
    }

    private async Task Killed(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        var victim = await Next(stage, "Killing the process of {0} (kill -9)", cancellation);
        var since = time.GetTimestamp();
        await stage.Fault("process killed", [victim], () => { cluster.Process(victim).Kill(); return Task.CompletedTask; }, cancellation);
        await Heal(cluster, stage, since, () => cluster.StartNode(victim, cancellation), cancellation);
    }

    private async Task Stopped(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        var victim = await Next(stage, "Stopping the process of {0} in order (SIGTERM)", cancellation);
        var since = time.GetTimestamp();
        await stage.Fault("stopped in order", [victim], () => cluster.Process(victim).Stop(cancellation), cancellation);
        await Heal(cluster, stage, since, () => cluster.StartNode(victim, cancellation), cancellation);
    }

    private async Task Freezes(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        var victim = await Next(stage, "Freezing the process of {0} for " + $"{Frozen.TotalSeconds:0} s (SIGSTOP)", cancellation);
        var since = time.GetTimestamp();
        await stage.Fault("process frozen", [victim], () => cluster.Process(victim).Freeze(cancellation), cancellation);
        await Task.Delay(Frozen - Min(time.GetElapsedTime(since), Frozen), time, cancellation);
        await Heal(cluster, stage, since, () => cluster.Process(victim).Wake(cancellation), cancellation);
    }

    private async Task LinkDrops(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        var victim = await Next(stage, "Pulling the cable of {0}", cancellation);
        var since = time.GetTimestamp();
        await stage.Fault("link dropped", [victim], () => cluster.Network.Unplug(victim, cancellation), cancellation);
        await Heal(cluster, stage, since, () => cluster.Network.Plug(victim, cancellation), cancellation);
    }

    private async Task IsCutOff(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        var victim = await Next(stage, "Cutting {0} off from the other nodes, not from the segment nor the API", cancellation);
        var since = time.GetTimestamp();
        await stage.Fault("cut off from the others", [victim], () => cluster.CutOff(victim, isCut: true, cancellation), cancellation);
        await Heal(cluster, stage, since, () => cluster.CutOff(victim, isCut: false, cancellation), cancellation);
    }

    private async Task ApiGone(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        narrator.Step($"Taking the Kubernetes API away for {Outage.TotalSeconds:0} s");
        var (before, since) = (await stage.Holders(cancellation), time.GetTimestamp());
        await cluster.Api.Suspend();
        await Task.Delay(Outage, time, cancellation);
        var after = await stage.Holders(cancellation);
        narrator.Seen($"all {after.Count} addresses are answered for, {before.Count(holder => after[holder.Key] == holder.Value)} of them by the nodes that had them");
        await stage.Fault("API gone", [], () => cluster.Api.Resume(cancellation), cancellation);
        await cluster.Members(cluster.Nodes, cancellation);
        stage.TellContest(since);
    }

    private async Task HalfGone(ProcessCluster cluster, ProcessStage stage, CancellationToken cancellation)
    {
        var busiest = await Next(stage, "Killing half of the processes at once, that of {0} among them", cancellation);
        var victims = cluster.Nodes.OrderByDescending(node => node == busiest).Take(plan.Nodes.Count / 2).ToList();
        var since = time.GetTimestamp();
        await stage.Fault("half of the nodes gone", victims, () => { foreach (var victim in victims) cluster.Process(victim).Kill(); return Task.CompletedTask; }, cancellation);
        await Heal(cluster, stage, since, () => Task.WhenAll(victims.Select(victim => cluster.StartNode(victim, cancellation))), cancellation);
    }

    private async Task<NodeName> Next(ProcessStage stage, string title, CancellationToken cancellation)
    {
        var victim = await stage.Busiest(cancellation);
        narrator.Step(string.Format(System.Globalization.CultureInfo.InvariantCulture, title, victim));
        return victim;
    }

    /// <summary>The fault is taken back; all are members again, and the wire is watched for a while longer.</summary>
    private async Task Heal(ProcessCluster cluster, ProcessStage stage, long since, Func<Task> heal, CancellationToken cancellation)
    {
        await heal();
        await cluster.Members(cluster.Nodes, cancellation);
        await Task.Delay(Watch, time, cancellation);
        await stage.Holders(cancellation);
        stage.TellContest(since);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
