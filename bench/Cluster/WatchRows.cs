using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansLb.Core;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>
/// How soon the watches are taken over, and how many the API has to serve, with few nodes and with many: there silos of one process stand for the nodes.
/// </summary>
internal static class WatchRows
{
    /// <summary>Thirty silos on one machine's processors are slow to answer each other; how fast the dead are found is measured elsewhere.</summary>
    private const string Patient = "ORLEANSLB_FailureDetection__LongestProbe";

    private static readonly int[] Sizes = [3, 30];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    public static async Task Measure(Findings findings)
    {
        await SyncRows.Measure(findings);
        Environment.SetEnvironmentVariable(Patient, "00:00:20");
        await using var api = await LoopbackApi.Start(CancellationToken.None);
        var silos = new List<ServiceHost>();
        try
        {
            var few = 0;
            foreach (var size in Sizes)
            {
                while (silos.Count < size) silos.Add(await StartSilo(api, silos.Count));
                var watches = await Settled(api);
                findings.Add(new(string.Create(CultureInfo.InvariantCulture, $"watches on the API, {size} nodes"), few == 0 ? null : few), watches);
                few = watches;
            }
        }
        finally
        {
            foreach (var silo in silos) await silo.DisposeAsync();
            Environment.SetEnvironmentVariable(Patient, null);
        }
    }

    /// <summary>The number of watches once no other has been opened or closed for a while.</summary>
    private static async Task<int> Settled(LoopbackApi api)
    {
        var (count, since) = (-1, TimeProvider.System.GetTimestamp());
        await Wait.Until("the watches come to rest", () =>
        {
            var now = api.Traffic.Watches.Count;
            if (now != count) (count, since) = (now, TimeProvider.System.GetTimestamp());
            return count > 0 && TimeProvider.System.GetElapsedTime(since) >= Quiet;
        }, Patience);
        return count;
    }

    private static async Task<ServiceHost> StartSilo(LoopbackApi api, int number)
    {
        var node = string.Create(CultureInfo.InvariantCulture, $"node{number}");
        await api.DeclareNode(node);
        var cluster = new ClusterSettings(IPAddress.Loopback, FreePort(), GatewayPort: 0);
        return await ServiceHost.Start(new(new ApiSource.Kubeconfig(api.Kubeconfig), new(IPAddress.Loopback, 0),
            [NodeLinkage.InMemory().Node(new NodeName(node), [])], LogSettings.Quiet, cluster) { ClusterId = "bench" }, CancellationToken.None);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
