using System.Diagnostics;
using System.Net;
using OrleansLb.Core;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>The process that keeps the sync grain is killed, again and again: how long until another one reads the cluster's Services.</summary>
internal static class SyncRows
{
    private const int Nodes = 3;
    private const int Runs = 10;

    /// <summary>The one resource that nobody but the sync grain watches.</summary>
    private const string Resource = "services";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task Measure(Findings findings)
    {
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(Nodes), CancellationToken.None);
        await using var cluster = await ProcessCluster.Start(network, new(IPAddress.Loopback, 0), static _ => [], CancellationToken.None);
        var times = new Samples();
        for (var run = 0; run < Runs; run++)
        {
            var victim = NodeOf(network, await Reader(cluster, since: 0));
            var began = Stopwatch.GetTimestamp();
            cluster.Process(victim).Kill();
            times.Add((await Reader(cluster, began)).Since - began);
            await cluster.StartNode(victim, CancellationToken.None);
            using var late = new CancellationTokenSource(Patience);
            await cluster.Members(cluster.Nodes, late.Token);
        }
        findings.Add(new("process with the sync grain killed, another reads the cluster, ms, median", 1000),
            new("process with the sync grain killed, another reads the cluster, ms, worst", 2000), times);
    }

    /// <summary>Waits for the only watch of the Services, begun since then.</summary>
    private static async Task<OpenWatch> Reader(ProcessCluster cluster, long since)
    {
        OpenWatch? only = null;
        await Wait.Until("one process reads the Services", () => (only = Only(cluster)) is not null && only.Since >= since, Patience);
        return only!;
    }

    private static OpenWatch? Only(ProcessCluster cluster) =>
        cluster.Api.Traffic.Watches.Where(watch => watch.Resource == Resource).ToList() is [var watch] ? watch : null;

    private static NodeName NodeOf(NamespaceNetwork network, OpenWatch watch) =>
        new(network.Plan.Nodes.Single(node => node.Addresses.Any(address => $"{address}" == watch.Client)).Name);
}
