using System.Net;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Silo.Hosting;

/// <summary>The cluster of silos that this process joins.</summary>
/// <param name="Address">Where the other silos reach this one.</param>
/// <param name="GatewayPort">Where clients of the grains connect; 0 for none.</param>
internal sealed record ClusterSettings(IPAddress Address, int SiloPort, int GatewayPort)
{
    public const string ServiceId = MembershipOptions.UsualServiceId;

    /// <summary>The cluster of whoever names none.</summary>
    public const string UsualId = "default";

    /// <summary>Where tls.crt, tls.key and ca.crt are, for mutual TLS between the processes; null for none.</summary>
    public string? TlsFolder { get; init; }

    /// <summary>The file of the secret that the processes must know; null for none.</summary>
    public string? SecretFile { get; init; }

    /// <summary>The pod that this process is; null outside of Kubernetes.</summary>
    public PodIdentity? Pod { get; init; }
}
