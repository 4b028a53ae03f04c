using Microsoft.Extensions.Logging;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Writes how full a pool is to the status of its object: our AddressPool, MetalLB's IPAddressPool, OpenELB's Eip. A ConfigMap has no status.
/// </summary>
public sealed class PoolStatusWriter(ApiClient client, TimeProvider time, ILogger<PoolStatusWriter> logger) : IPoolStatusWriter
{
    private readonly StatusGate _gate = new(logger);

    public async Task Write(PoolReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (DialectCatalog.Find(report.Object) is not { } resource) return;
        switch (resource.Kind)
        {
            case "AddressPool" when await Read(resource, report, cancellation) is { } current:
                await Send(resource, report, PoolStatusPatch.Ours(report, current, time.GetUtcNow()), cancellation);
                break;
            case "IPAddressPool":
                await Send(resource, report, PoolStatusPatch.MetalLb(report), cancellation);
                break;
            case "Eip" when await Read(resource, report, cancellation) is { } current:
                await Send(resource, report, PoolStatusPatch.OpenElb(report, current), cancellation);
                break;
        }
    }

    private async Task<Mapping?> Read(ApiResource resource, PoolReport report, CancellationToken cancellation) =>
        (await _gate.Pass($"get {resource}", () => client.Get(ResourceTypes.Custom(resource), report.Object.Namespace, report.Object.Name, cancellation)))
            ?.Root;

    private async Task Send(ApiResource resource, PoolReport report, Patch patch, CancellationToken cancellation) =>
        await _gate.Pass($"patch {resource}/status",
            () => client.Patch(ResourceTypes.Custom(resource), new(report.Object.Namespace, report.Object.Name, "status"), patch, cancellation));
}
