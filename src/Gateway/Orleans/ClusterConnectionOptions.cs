using OrleansLb.Kubernetes.Client;

namespace OrleansLb.Gateway;

/// <summary>Which cluster of OrleansLb a program talks to, and how.</summary>
public sealed class ClusterConnectionOptions
{
    /// <summary>How to reach the Kubernetes API in which the cluster's nodes are listed; by default as <c>kubectl</c> does.</summary>
    public KubernetesClientOptions Kubernetes { get; set; } = new();

    /// <summary>The namespace in which OrleansLb runs; null for that of the service account or the kubeconfig's context.</summary>
    public string? Namespace { get; set; } = "orleanslb-system";

    /// <summary>What its nodes were given as <c>--cluster-id</c>.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Where tls.crt, tls.key and ca.crt are, if its nodes run with <c>--silo-tls</c>. Read again for each connection.</summary>
    public string? TlsFolder { get; set; }

    /// <summary>The file of the secret, if its nodes run with <c>--silo-secret</c>. Read again for each connection.</summary>
    public string? SecretFile { get; set; }
}
