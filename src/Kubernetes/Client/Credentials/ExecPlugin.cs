using System.Collections.Immutable;
using System.Text.Json;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>The <c>exec</c> part of a kubeconfig user.</summary>
internal sealed record ExecPlugin(string ApiVersion, string Command, ImmutableArray<string> Arguments)
{
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    public string? InstallHint { get; init; }

    /// <summary>The certificate authority as the kubeconfig gives it, when the plug-in asked for the cluster.</summary>
    public string? CertificateAuthorityData { get; init; }

    public bool ProvideClusterInfo { get; init; }

    /// <summary>The value of <c>KUBERNETES_EXEC_INFO</c>.</summary>
    public string Request(ClusterConnection cluster)
    {
        var about = ProvideClusterInfo
            ? new ExecCluster(cluster.Server.OriginalString)
            {
                TlsServerName = cluster.TlsServerName,
                InsecureSkipTlsVerify = ReferenceEquals(cluster.Trust, ServerTrust.Anyone) ? true : null,
                CertificateAuthorityData = CertificateAuthorityData,
                ProxyUrl = cluster.Proxy?.OriginalString,
            }
            : null;
        var request = new ExecCredentialObject(ApiVersion, "ExecCredential") { Spec = new(Interactive: false) { Cluster = about } };
        return JsonSerializer.Serialize(request, ClientJson.Default.ExecCredentialObject);
    }
}
