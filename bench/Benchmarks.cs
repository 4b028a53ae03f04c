namespace OrleansLb.Bench;

/// <summary>Every benchmark by its name on the command line.</summary>
internal static class Benchmarks
{
    public static IReadOnlyDictionary<string, (string Summary, Func<Task<BenchResult>> Run)> All { get; } =
        new SortedDictionary<string, (string, Func<Task<BenchResult>>)>(StringComparer.Ordinal)
        {
            ["arp"] = ("ARP replies: the kernel's and ours over one veth pair", ReplyBench.RunArp),
            ["ndp"] = ("neighbour advertisements: the kernel's and ours over one veth pair", ReplyBench.RunNdp),
        };
}
