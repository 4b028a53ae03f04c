using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.OpenElb;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>
/// What tells at a Service from which pool its address is: our annotation, and where the pool is of MetalLB's or
/// OpenELB's dialect theirs, for programs that read those.
/// </summary>
/// <param name="Own">Our annotation; null for none.</param>
/// <param name="MetalLb">MetalLB's annotation; null for none.</param>
/// <param name="OpenElb">
/// OpenELB's label; null for none. OpenELB takes a Service that bears it for its own, and gives one that lost it another
/// address: a Service that opts in bears it, and no other.
/// </param>
internal readonly record struct PoolMarks(string? Own, string? MetalLb, string? OpenElb)
{
    /// <summary>The label stands for the pool that we named: it is ours to change. Another value is somebody else's.</summary>
    public bool IsOpenElbWritten => OpenElb is not null && OpenElb == Own;

    public static PoolMarks Of(ServiceStatus status, ServiceObject? current)
    {
        var pool = status.Pool?.Value;
        return new(
            pool,
            status.PoolObject is { Kind: "IPAddressPool" or "ConfigMap" } ? pool : null,
            status.PoolObject is { Kind: "Eip" } && pool is not null && OptsIn(current) && LabelSyntax.ValueFault(pool) is null ? pool : null);
    }

    public static PoolMarks Read(ServiceObject? service) => new(
        service?.Metadata.Annotations?.GetValueOrDefault(ServiceKeys.PoolOutput),
        service?.Metadata.Annotations?.GetValueOrDefault(ServiceKeys.MetalLbPoolOutput),
        service?.Metadata.Labels?.GetValueOrDefault(OpenElbKeys.Pool));

    /// <summary>True when nothing has to be written for these to be as wanted.</summary>
    public bool Show(PoolMarks wanted) =>
        (Own, MetalLb) == (wanted.Own, wanted.MetalLb) && (wanted.OpenElb is null ? !IsOpenElbWritten : OpenElb == wanted.OpenElb);

    private static bool OptsIn(ServiceObject? service) => service?.Metadata.Annotations?.GetValueOrDefault(OpenElbKeys.OptIn) == OpenElbKeys.OptInValue;
}
