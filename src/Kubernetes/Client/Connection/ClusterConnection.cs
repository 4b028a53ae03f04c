using OrleansLb.Kubernetes.Client.Credentials;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>Everything needed to talk to one API server as one user.</summary>
public sealed record ClusterConnection(Uri Server)
{
    /// <summary>The namespace of the context or of the pod's service account.</summary>
    public string Namespace { get; init; } = "default";

    public ServerTrust Trust { get; init; } = ServerTrust.System;

    /// <summary>The name that the server's certificate must bear, when it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    public Uri? Proxy { get; init; }

    public Credential Credential { get; init; } = Credential.Anonymous;

    public Impersonation? Impersonation { get; init; }

    /// <summary>A path of the API below the server's own path prefix (Rancher serves a cluster at <c>/k8s/clusters/x</c>).</summary>
    public Uri At(string pathAndQuery) => new($"{Server.GetLeftPart(UriPartial.Path).TrimEnd('/')}{pathAndQuery}");
}
