using OrleansLb.Bench.Allocation;
using OrleansLb.Bench.Bgp;
using OrleansLb.Bench.Vrrp;

namespace OrleansLb.Bench;

/// <summary>Every benchmark by its name on the command line.</summary>
internal static class Benchmarks
{
    public static IReadOnlyDictionary<string, (string Summary, Func<Task<BenchResult>> Run)> All { get; } =
        new SortedDictionary<string, (string, Func<Task<BenchResult>>)>(StringComparer.Ordinal)
        {
            ["allocate"] = ("60,000 decisions over a /16 pool, and Services from creation to status against the embedded API", AllocateBench.Run),
            ["restart"] = ("a process with 10,000 Services is killed: from its start to all of them announced again", RestartBench.Run),
            ["service"] = ("from the creation of a Service to its first gratuitous frame at the client", ServiceBench.Run),
            ["failover"] = ("from the death of the announcing node to the new node's first gratuitous frame", FailoverBench.Run),
            ["drain"] = ("a node drained ten times under a client that fetches without a pause: requests lost", DrainBench.Run),
            ["failover --vs keepalived"] = ("the same beside keepalived with adverts each second and each 100 ms", KeepalivedBench.Run),
            ["scale"] = ("10,000 Services against the embedded API: time and memory for each thousand", ScaleBench.Run),
            ["arp"] = ("ARP replies: the kernel's and ours over one veth pair", ReplyBench.RunArp),
            ["bgp"] = ("10,000 routes to a BIRD: BIRD's, GoBGP's, FRR's and our time", BgpBench.Run),
            ["bgp-fuzz"] = ("a minute of damaged messages for the BGP decoder and state machine", BgpFuzz.Run),
            ["mass"] = ("a node with 500 addresses dies: from its death to the first and the last gratuitous frame of its heirs", MassBench.Run),
            ["ndp"] = ("neighbour advertisements: the kernel's and ours over one veth pair", ReplyBench.RunNdp),
        };
}
