using System.Diagnostics;
using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Bench.Cluster;

/// <summary>
/// A node with many addresses is lost, again and again, in each of several ways: how long until others have announced them, and who answered meanwhile.
/// </summary>
/// <param name="diary">Takes a line for each run; null: nobody wants them.</param>
internal sealed class FaultRows(ClusterBed bed, int runs, Findings findings, TextWriter? diary)
{
    /// <summary>No part goes on for longer: a run that is begun is finished, and the rows say how many there were.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

    /// <summary>Of the addresses that are lost the witness asks for so many: to ask for all of them each 20 ms would keep the machine busy.</summary>
    private const int Watched = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long the wire is watched after a cable is plugged in again.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    public async Task Killed()
    {
        var (firsts, spans) = (new Samples(), new Samples());
        await Repeat(async () =>
        {
            var (victim, lost, _) = await Busiest();
            var began = Begin("killed", victim, lost);
            bed.Cluster.Process(victim).Kill();
            var heard = await bed.Heard(lost, began, [victim]);
            firsts.Add(heard[0] - began);
            spans.Add(heard[^1] - heard[0]);
            Note($"first after {Ms(heard[0] - began)} ms, last {Ms(heard[^1] - heard[0])} ms later");
            await Return(victim);
        });
        findings.Add(new("process killed, first frame of a new node, ms, median", 300, 5900), new("process killed, first frame of a new node, ms, worst", 1000),
            firsts);
        findings.Add(new("process killed, first frame to last of all addresses, ms, median", 300, 180),
            new("process killed, first frame to last of all addresses, ms, worst", 300), spans);
    }

    public async Task Unplugged()
    {
        var (firsts, spans, contests) = (new Samples(), new Samples(), new Samples());
        await Repeat(async () =>
        {
            var (victim, lost, _) = await Busiest();
            var began = Begin("unplugged", victim, lost);
            await bed.Network.Unplug(victim, CancellationToken.None);
            var heard = await bed.Heard(lost, began, [victim]);
            firsts.Add(heard[0] - began);
            spans.Add(heard[^1] - heard[0]);
            bed.Network.Witness.Ask(lost.Take(Watched));
            var healed = Stopwatch.GetTimestamp();
            await bed.Network.Plug(victim, CancellationToken.None);
            await Members();
            await Task.Delay(Aftermath);
            contests.Add(Ticks(Timelines(lost, healed).SelectMany(timeline => timeline.Contests).Select(contest => contest.Length).DefaultIfEmpty().Max()));
            Note($"first after {Ms(heard[0] - began)} ms, last {Ms(heard[^1] - heard[0])} ms later; plugged in {Ms(healed - began)} ms after the loss, two "
                + $"answered for {Ms(contests.Last)} ms");
        });
        findings.Add(new("cable pulled, first frame of a new node, ms, median", 500, 5900), new("cable pulled, first frame of a new node, ms, worst", 1500),
            firsts);
        findings.Add(new("cable pulled, first frame to last of all addresses, ms, median", 300, 180),
            new("cable pulled, first frame to last of all addresses, ms, worst", 300), spans);
        findings.Add(new("cable healed, two nodes answer, ms, median", 100, 200), new("cable healed, two nodes answer, ms, worst", 100, 22_000), contests);
    }

    /// <summary>
    /// Asked in the same breath are addresses that other nodes hold all the while: what is waited for there is the machine, and no hand-over.
    /// </summary>
    public async Task Stopped()
    {
        var (silences, controls) = (new Samples(), new Samples());
        await Repeat(async () =>
        {
            var (victim, lost, kept) = await Busiest();
            bed.Network.Witness.Ask([.. lost.Take(Watched), .. kept.Take(Watched)]);
            var began = Begin("stopped", victim, lost);
            await bed.Cluster.Process(victim).Stop(CancellationToken.None);
            await bed.Heard(lost, began, [victim]);
            silences.Add(LongestSilence(lost, began));
            if (kept.Count > 0) controls.Add(LongestSilence(kept, began));
            Note($"silent for {Ms(silences.Last)} ms, and {Ms(kept.Count > 0 ? controls.Last : 0)} ms where nothing moved");
            await Return(victim);
        });
        var asked = Silo.Lab.Network.Witness.Interval.TotalMilliseconds; // who is asked each 20 ms and never leaves a question open has no gap
        findings.Add(new("stopped in order, longest silence for an address, ms, median", asked, 102),
            new("stopped in order, longest silence for an address, ms, worst", asked), silences);
        findings.Add(
            new("the same in the same seconds for an address that stays, ms, median"),
            new("the same in the same seconds for an address that stays, ms, worst"), controls);
    }

    /// <summary>The node that announces most, and its addresses and those of the others. Each run begins with a cluster at rest.</summary>
    private async Task<(NodeName Node, List<Address> Its, List<Address> Others)> Busiest()
    {
        await bed.Settled();
        var holders = await bed.Holders();
        var most = holders.GroupBy(holder => holder.Value, holder => holder.Key).MaxBy(held => held.Count())!;
        return (most.Key, [.. most.Order()], [.. holders.Keys.Except(most).Order()]);
    }

    private async Task Return(NodeName victim)
    {
        await bed.Cluster.StartNode(victim, CancellationToken.None);
        await Members();
    }

    private async Task Members()
    {
        using var late = new CancellationTokenSource(Patience);
        await bed.Cluster.Members(bed.Cluster.Nodes, late.Token);
    }

    private IEnumerable<HolderTimeline> Timelines(List<Address> addresses, long since)
    {
        var questions = bed.Network.Witness.AskedSince(since).Select(at => Stopwatch.GetElapsedTime(since, at)).ToList();
        var answers = bed.Network.Witness.Since(since).ToLookup(answer => answer.Address, answer => (Stopwatch.GetElapsedTime(since, answer.At), answer.Mac));
        return addresses.Take(Watched).Select(address => HolderTimeline.Of(address, questions, [.. answers[address]], Stopwatch.GetElapsedTime(since)));
    }

    private long LongestSilence(List<Address> addresses, long since) =>
        Ticks(Timelines(addresses, since).Select(timeline => timeline.LongestSilence).DefaultIfEmpty().Max());

    private async Task Repeat(Func<Task> run)
    {
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < runs && Stopwatch.GetElapsedTime(began) < MostTime; number++) await run();
    }

    private long Begin(string fault, NodeName victim, List<Address> lost)
    {
        diary?.Write(string.Create(CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {fault} {victim} with {lost.Count} addresses: "));
        return Stopwatch.GetTimestamp();
    }

    private void Note(string outcome) => diary?.WriteLine(outcome);

    private static string Ms(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    private static long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);
}
