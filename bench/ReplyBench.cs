using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Bench;

/// <summary>
/// Asks, over one veth pair and by turns, the kernel for an address that it bears and our speaker for addresses that it announces: with one announced and
/// with 5,000. A raw socket asks and takes the time, one question every 5 ms: arping's clock starts after its send has returned.
/// </summary>
internal static class ReplyBench
{
    private const int Questions = 1000;
    private const int WarmUp = 100;
    private const int Many = 5000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);
    private static readonly NodeName Node = new("node");

    /// <summary>How one family asks: the frame for an address, and the address that a reply tells.</summary>
    private sealed record Family(string Bench, LinkTraffic Traffic, Address OfKernel, Address Ours, Func<MacAddress, Address, byte[]> Question);

    public static Task<BenchResult> RunArp() => Run(new("arp", LinkTraffic.Arp, Address.Parse("192.0.2.1"), Address.Parse("192.0.2.100"), ArpQuestion));

    public static Task<BenchResult> RunNdp() => Run(new("ndp", LinkTraffic.Ndp, Address.Parse("fd77::1"), Address.Parse("fd77::100"), NdpQuestion));

    private static async Task<BenchResult> Run(Family family)
    {
        using var pair = new VethPair();
        using var listener = Listen();
        var links = new MeasuredLinks(new KernelLinks(pair.Node, TimeProvider.System));
        var options = new L2SpeakerOptions { Node = Node, Announcement = new() { Duration = TimeSpan.Zero } };
        await using var speaker = new L2Speaker(options, links, TimeProvider.System, NullLogger<L2Speaker>.Instance);
        await Announce(speaker, 1, [family.Ours]);
        var (kernel, one, bytes) = await Compare(pair, family, links);
        await Announce(speaker, 2, [.. Enumerable.Range(0, Many).Select(index => family.Ours with { Value = family.Ours.Value + (UInt128)index })]);
        var (kernelBesideMany, many, _) = await Compare(pair, family, links);
        var idle = await IdleLoad();
        return new(family.Bench,
            [Row("kernel", kernel, null), Row("ours, 1 address", one, bytes), Row("kernel, again", kernelBesideMany, null),
                Row("ours, 5000 addresses", many, null), new("ours idle, 5000 addresses", new Dictionary<string, double> { ["cpuPercent"] = idle })],
            new Dictionary<string, double>
            {
                ["medianVsKernel"] = one.MedianUs / kernel.MedianUs,
                ["medianVsKernelWith5000"] = many.MedianUs / kernelBesideMany.MedianUs,
            });
    }

    private static BenchRow Row(string name, Samples samples, double? bytes)
    {
        var figures = new Dictionary<string, double> { ["medianUs"] = Math.Round(samples.MedianUs, 1), ["p99Us"] = Math.Round(samples.QuantileUs(0.99), 1) };
        if (bytes is { } allocated) figures["allocatedBytesPerPacket"] = allocated;
        return new(name, figures);
    }

    /// <summary>What this process takes of one processor while nobody asks: nothing else runs in it, once the compiler is done with what came before.</summary>
    private static async Task<double> IdleLoad()
    {
        await Task.Delay(SettleTime);
        var (since, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.Delay(IdleTime);
        return Math.Round(100 * (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(since), 2);
    }

    /// <summary>Metrics are on, as they are in service.</summary>
    private static MeterListener Listen()
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, listening) => listening.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private static async Task Announce(L2Speaker speaker, long version, EquatableList<Address> addresses)
    {
        await speaker.Apply(
            new(Node, null, version,
                addresses.Select(address => new Assignment(address, new("bench", "service"), version, [new InterfaceSelector.Named("eth0")])).ToEquatableList(),
                []));
        using var patience = new CancellationTokenSource(Patience);
        for (var told = 0; told < addresses.Count;) told += await speaker.Facts.ReadAsync(patience.Token) is SpeakerFact.Announced ? 1 : 0;
    }

    /// <summary>By turns, so that whatever else the machine does weighs on both.</summary>
    private static async Task<(Samples Kernel, Samples Ours, double BytesPerPacket)> Compare(VethPair pair, Family family, MeasuredLinks links)
    {
        using var client = new KernelLinks(pair.Client, TimeProvider.System).Open("eth0", family.Traffic);
        using var deadline = new Timer(_ => client.Dispose(), null, Patience, Timeout.InfiniteTimeSpan);
        var (toKernel, toUs) = (family.Question(client.Mac, family.OfKernel), family.Question(client.Mac, family.Ours));
        var (kernel, ours) = (new Samples(), new Samples());
        await Ask(client, WarmUp, (toKernel, new()), (toUs, new()));
        var before = links.Reading;
        await Ask(client, Questions, (toKernel, kernel), (toUs, ours));
        var after = links.Reading;
        return (kernel, ours, (after.Bytes - before.Bytes) / (double)(after.Frames - before.Frames));
    }

    /// <summary>
    /// On a thread of its own, as a host's program asks: one of the pool would look for work between two questions, on a processor that others need.
    /// </summary>
    private static Task Ask(ILink client, int rounds, params (byte[] Question, Samples Samples)[] turns) => Task.Factory.StartNew(() =>
    {
        using var never = new ManualResetEvent(false);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (question, samples) in turns)
            {
                never.WaitOne(Pace);
                samples.Add(TakeTime(client, question));
            }
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static long TakeTime(ILink client, byte[] question)
    {
        Span<byte> reply = stackalloc byte[2048];
        var start = Stopwatch.GetTimestamp();
        if (!client.Send(question)) throw new BenchException("A question could not be sent.");
        do
        {
            if (client.Receive(reply) == 0) throw new BenchException($"No answer within {Patience.TotalSeconds} s.");
        }
        while (!IsAnswer(reply, question));
        return Stopwatch.GetTimestamp() - start;
    }

    /// <summary>A reply tells the address that was asked for: at the same place in either family's question and answer, or ARP's sender.</summary>
    private static bool IsAnswer(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> question) => ArpFrame.TryRead(question, out var asked)
        ? ArpFrame.TryRead(reply, out var told) && told.Packet.Operation == ArpOperation.Reply && told.Packet.SenderIp == asked.Packet.TargetIp
        : NdpFrame.TryRead(question, out var sought, out _) && NdpFrame.TryRead(reply[..NdpFrame.MaxLength], out var found, out _)
            && found.Message.Type == NdpType.NeighborAdvertisement && found.Message.Target == sought.Message.Target;

    private static byte[] ArpQuestion(MacAddress mac, Address target)
    {
        var frame = new byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, mac, Ipv4.Parse("192.0.2.2"), MacAddress.None, target.ToIpv4())).Write(frame);
        return frame;
    }

    private static byte[] NdpQuestion(MacAddress mac, Address target)
    {
        var group = target.ToIpv6().SolicitedNode;
        var frame = new byte[NdpFrame.MaxLength];
        var question = new NdpFrame(MacAddress.ForGroup(group), mac, group, Ipv6.Parse("fd77::2"),
            new(NdpType.NeighborSolicitation, NeighborFlags.None, target.ToIpv6(), mac));
        return frame[..question.Write(frame)];
    }
}
