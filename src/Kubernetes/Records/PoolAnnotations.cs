using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>The annotations of a Service that tell from which pool its address is. Programs that read MetalLB's find it where the pool is one of its dialect.</summary>
/// <param name="Own">Null for none.</param>
/// <param name="MetalLb">Null for none.</param>
internal readonly record struct PoolAnnotations(string? Own, string? MetalLb)
{
    public static PoolAnnotations Of(ServiceStatus status) => new(status.Pool?.Value, IsMetalLb(status) ? status.Pool?.Value : null);

    public static PoolAnnotations Read(ServiceObject service) => new(
        service.Metadata.Annotations?.GetValueOrDefault(ServiceKeys.PoolOutput), service.Metadata.Annotations?.GetValueOrDefault(ServiceKeys.MetalLbPoolOutput));

    private static bool IsMetalLb(ServiceStatus status) => status.PoolObject is { Kind: "IPAddressPool" or "ConfigMap" };
}
