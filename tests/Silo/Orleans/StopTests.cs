using System.Net;
using OrleansLb.Api.Hosting;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>A silo stops in the time that its pod has for that, whatever becomes of the API.</summary>
public sealed class StopTests
{
    /// <summary>The pod's <c>terminationGracePeriodSeconds</c> (deploy/base/daemonset.yaml).</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_whose_api_is_gone_stops_within_the_grace_period_of_its_pod()
    {
        using var folder = new TemporaryFolder();
        var api = await EmbeddedApi.StartAsync(new EmbeddedApiOptions(), Stop);
        var kubeconfig = Path.Combine(folder.Path, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "{{api.BaseAddress}}"} }]
            contexts: [{name: c, context: {cluster: c} }]
            """, Stop);
        var cluster = new ClusterSettings(IPAddress.Loopback, ClusterClientTests.FreePort(), ClusterClientTests.FreePort());
        var node = NodeLinkage.InMemory().Node(new("node1"), []);
        var service =
            await ServiceHost.Start(new(new ApiSource.Kubeconfig(kubeconfig), new IPEndPoint(IPAddress.Loopback, 0), [node], LogSettings.Quiet, cluster), Stop);
        await api.DisposeAsync();
        await service.DisposeAsync().AsTask().WaitAsync(GracePeriod, Stop);
    }
}
