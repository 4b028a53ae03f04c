using System.Globalization;
using System.Net;
using OrleansLb.Core;
using OrleansLb.Silo.Manifests;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Bench;

/// <summary>The lab's network with the service on it and one pool: network namespaces where they can be made, otherwise the segment in memory.</summary>
internal sealed class LabBed : IAsyncDisposable
{
    public const int Nodes = 3;

    private LabBed(ILabNetwork network, LabService service) => (Network, Service) = (network, service);

    public ILabNetwork Network { get; }

    public LabService Service { get; }

    public static async Task<LabBed> Make(bool inMemory, string poolAddresses, string? data = null, int nodes = Nodes)
    {
        var plan = LabPlan.Of(nodes);
        ILabNetwork network = inMemory || !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess
            ? new MemoryNetwork(plan, TimeProvider.System)
            : await NamespaceNetwork.Create(plan, CancellationToken.None);
        var service = await LabService.Start(network, data, new IPEndPoint(IPAddress.Loopback, 0), LogSettings.Quiet, CancellationToken.None);
        await service.Apply(ManifestText.One($$$"""
            {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: bench}, spec: {addresses: ["{{{poolAddresses}}}"]}}
            """), CancellationToken.None);
        await service.Apply(ManifestText.One("""
            {apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {name: bench}, spec: {addressPools: [bench], interfaces: [eth0]}}
            """), CancellationToken.None);
        return new(network, service);
    }

    /// <summary>Creates a Service of type LoadBalancer with one port.</summary>
    public async Task<ServiceName> CreateService(int number)
    {
        var name = new ServiceName("default", string.Create(CultureInfo.InvariantCulture, $"s{number}"));
        await Service.Create($"/api/v1/namespaces/{name.Namespace}/services", $$$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name.Name}}}"},"spec":{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}}
            """, CancellationToken.None);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Network.DisposeAsync();
    }
}
