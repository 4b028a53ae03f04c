using OrleansLb.Kubernetes.Dialects.OpenElb;

namespace OrleansLb.Kubernetes.Dialects.Services;

/// <summary>What the annotations of a Service mean, in every dialect.</summary>
internal static class ServiceKeys
{
    public const string LegacyPrefix = "metallb.universe.tf/";

    /// <summary>Which pool was chosen: written, never read.</summary>
    public const string PoolOutput = "orleanslb.io/allocated-from-pool";

    /// <summary>The same as MetalLB writes it, for pools of its dialect.</summary>
    public const string MetalLbPoolOutput = "metallb.io/ip-allocated-from-pool";

    public static readonly string[] Pool = ["orleanslb.io/address-pool", "metallb.io/address-pool", LegacyPrefix + "address-pool", OpenElbKeys.Pool];
    public static readonly string[] Addresses = ["orleanslb.io/addresses", "metallb.io/loadBalancerIPs", LegacyPrefix + "loadBalancerIPs", OpenElbKeys.Address];
    public static readonly string[] SharingKey = ["orleanslb.io/sharing-key", "metallb.io/allow-shared-ip", LegacyPrefix + "allow-shared-ip"];

    /// <summary>Written by one of the load balancers themselves.</summary>
    private static readonly string[] Outputs = [PoolOutput, MetalLbPoolOutput, LegacyPrefix + "ip-allocated-from-pool"];

    private static readonly string[] Prefixes =
        ["orleanslb.io/", "metallb.io/", LegacyPrefix, "eip.openelb.kubesphere.io/", "lb.kubesphere.io/", OpenElbKeys.NodeProxyPrefix];

    private static readonly string[] Known = [.. Pool, .. Addresses, .. SharingKey, .. Outputs, OpenElbKeys.OptIn, OpenElbKeys.Protocol];

    public static bool IsKnown(string key) => Known.Contains(key);

    public static bool IsOfMetalLb(string key) =>
        key.StartsWith("metallb.io/", StringComparison.Ordinal) || key.StartsWith(LegacyPrefix, StringComparison.Ordinal);

    /// <summary>Of one of the dialects, to judge by its prefix.</summary>
    public static bool IsOfDialect(string key) => Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));

    public static string? NearestTo(string key) => Fields.Nearest.To(key, Known.Except(Outputs));
}
