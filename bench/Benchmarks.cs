using OrleansLb.Bench.Allocation;
using OrleansLb.Bench.Bgp;
using OrleansLb.Bench.Cluster;
using OrleansLb.Bench.Vrrp;

namespace OrleansLb.Bench;

/// <summary>Every benchmark by its name on the command line.</summary>
internal static class Benchmarks
{
    public static IReadOnlyDictionary<string, (string Summary, Func<BenchOptions, Task<BenchResult>> Run)> All { get; } =
        new SortedDictionary<string, (string, Func<BenchOptions, Task<BenchResult>>)>(StringComparer.Ordinal)
        {
            ["allocate"] = ("60,000 decisions over a /16 pool, and Services from creation to status against the embedded API", _ => AllocateBench.Run()),
            ["restart"] = ("a process with 10,000 Services is killed: from its start to all of them announced again", _ => RestartBench.Run()),
            ["service"] = ("from the creation of a Service to its first gratuitous frame at the client", _ => ServiceBench.Run()),
            ["failover"] = ("from the death of the announcing node to the new node's first gratuitous frame", _ => FailoverBench.Run()),
            ["drain"] = ("a node drained ten times under a client that fetches without a pause: requests lost", _ => DrainBench.Run()),
            ["failover --vs keepalived"] = ("the same beside keepalived with adverts each second and each 100 ms", _ => KeepalivedBench.Run()),
            ["scale"] = ("10,000 Services against the embedded API: time and memory for each thousand", _ => ScaleBench.Run()),
            ["arp"] = ("ARP replies: the kernel's and ours over one veth pair", _ => ReplyBench.RunArp()),
            ["bgp"] = ("10,000 routes to a BIRD: BIRD's, GoBGP's, FRR's and our time", _ => BgpBench.Run()),
            ["bgp-fuzz"] = ("a minute of damaged messages for the BGP decoder and state machine", _ => BgpFuzz.Run()),
            ["mass"] = ("a node with 500 addresses dies: from its death to the first and the last gratuitous frame of its heirs", _ => MassBench.Run()),
            ["cluster"] =
                ("a cluster of processes: start, memory, 500 Services at once, each way to lose a node (--runs N, usually 20), watches on the API; --only "
                    + string.Join(',', ClusterBench.Parts) + "; --logs FOLDER; --kubeconfig FILE --addresses RANGE measures a cluster that you have",
                        ClusterBench.Run),
            ["ndp"] = ("neighbour advertisements: the kernel's and ours over one veth pair", _ => ReplyBench.RunNdp()),
        };
}
