using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>Every way in which a node can fail, one after another.</summary>
internal sealed class FaultStory(ProcessStage stage)
{
    private const int Services = 12;
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(10);

    /// <summary>Longer than silos wait for each other's words, which go by way of the API.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);

    /// <summary>How long the wire is watched after a fault has healed.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(2);

    private readonly ProcessCluster _cluster = stage.Cluster;
    private readonly Narrator _narrator = stage.Narrator;
    private readonly TimeProvider _time = stage.Time;

    public async Task Play(CancellationToken cancellation)
    {
        _narrator.Step($"Creating {Services} Services");
        await stage.Serve(Services, cancellation);
        await Killed(cancellation);
        await Stopped(cancellation);
        await Freezes(cancellation);
        await LinkDrops(cancellation);
        await IsCutOff(cancellation);
        await ApiGone(cancellation);
        await HalfGone(cancellation);
    }

    private async Task Killed(CancellationToken cancellation)
    {
        var victim = await Next("Killing the process of {0} (kill -9)", cancellation);
        var since = _time.GetTimestamp();
        await stage.Fault("process killed", [victim], () => { _cluster.Process(victim).Kill(); return Task.CompletedTask; }, cancellation);
        await Heal(since, () => _cluster.StartNode(victim, cancellation), cancellation);
    }

    private async Task Stopped(CancellationToken cancellation)
    {
        var victim = await Next("Stopping the process of {0} in order (SIGTERM)", cancellation);
        var since = _time.GetTimestamp();
        await stage.Fault("stopped in order", [victim], () => _cluster.Process(victim).Stop(cancellation), cancellation);
        await Heal(since, () => _cluster.StartNode(victim, cancellation), cancellation);
    }

    private async Task Freezes(CancellationToken cancellation)
    {
        var victim = await Next($"Freezing the process of {{0}} for {Frozen.TotalSeconds:0} s (SIGSTOP)", cancellation);
        var since = _time.GetTimestamp();
        await stage.Fault("process frozen", [victim], () => _cluster.Process(victim).Freeze(cancellation), cancellation);
        await Task.Delay(Frozen - Min(_time.GetElapsedTime(since), Frozen), _time, cancellation);
        var contest = await Heal(since, () => _cluster.Process(victim).Wake(cancellation), cancellation);
        if (contest > TimeSpan.Zero)
            throw new UnexpectedException($"{victim} answers for nothing that others took over while it was frozen",
                $"two answered for {contest.TotalMilliseconds:0} ms");
    }

    private async Task LinkDrops(CancellationToken cancellation)
    {
        var victim = await Next("Pulling the cable of {0}", cancellation);
        var since = _time.GetTimestamp();
        await stage.Fault("link dropped", [victim], () => _cluster.Network.Unplug(victim, cancellation), cancellation);
        await Heal(since, () => _cluster.Network.Plug(victim, cancellation), cancellation);
    }

    private async Task IsCutOff(CancellationToken cancellation)
    {
        var victim = await Next("Cutting {0} off from the other nodes, not from the segment nor the API", cancellation);
        var since = _time.GetTimestamp();
        await stage.Fault("cut off from the others", [victim], () => _cluster.CutOff(victim, isCut: true, cancellation), cancellation);
        await Heal(since, () => _cluster.CutOff(victim, isCut: false, cancellation), cancellation);
    }

    private async Task ApiGone(CancellationToken cancellation)
    {
        _narrator.Step($"Taking the Kubernetes API away for {Outage.TotalSeconds:0} s");
        var (before, since) = (await stage.Holders(cancellation), _time.GetTimestamp());
        await _cluster.Api.Suspend();
        await Task.Delay(Outage, _time, cancellation);
        var after = await stage.Holders(cancellation);
        _narrator.Seen($"all {after.Count} addresses are answered for, {before.Count(holder => after[holder.Key] == holder.Value)} of them "
            + "by the nodes that had them");
        await stage.Fault("API gone", [], () => _cluster.Api.Resume(cancellation), cancellation);
        await _cluster.Members(_cluster.Nodes, cancellation);
        stage.TellContest(since);
    }

    private async Task HalfGone(CancellationToken cancellation)
    {
        var busiest = await Next("Killing half of the processes at once, that of {0} among them", cancellation);
        var victims = _cluster.Nodes.OrderByDescending(node => node == busiest).Take(_cluster.Nodes.Count() / 2).ToList();
        var since = _time.GetTimestamp();
        await stage.Fault("half of the nodes gone", victims,
            () => { foreach (var victim in victims) _cluster.Process(victim).Kill(); return Task.CompletedTask; }, cancellation);
        await Heal(since, () => Task.WhenAll(victims.Select(victim => _cluster.StartNode(victim, cancellation))), cancellation);
    }

    private async Task<NodeName> Next(string title, CancellationToken cancellation)
    {
        var victim = await stage.Busiest(cancellation);
        _narrator.Step(string.Format(CultureInfo.InvariantCulture, title, victim));
        return victim;
    }

    /// <summary>
    /// The fault is taken back; all are members again, and the wire is watched for a while longer. Answers how long two answered for one address.
    /// </summary>
    private async Task<TimeSpan> Heal(long since, Func<Task> heal, CancellationToken cancellation)
    {
        await heal();
        await _cluster.Members(_cluster.Nodes, cancellation);
        await Task.Delay(Watch, _time, cancellation);
        await stage.Holders(cancellation);
        return stage.TellContest(since);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
