namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>The JSON that is passed to a credential plug-in and that it prints.</summary>
internal sealed record ExecCredentialObject(string? ApiVersion, string? Kind)
{
    public ExecCredentialSpec? Spec { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}

internal sealed record ExecCredentialSpec(bool Interactive)
{
    public ExecCluster? Cluster { get; init; }
}

internal sealed record ExecCluster(string Server)
{
    public string? TlsServerName { get; init; }

    public bool? InsecureSkipTlsVerify { get; init; }

    public string? CertificateAuthorityData { get; init; }

    public string? ProxyUrl { get; init; }
}

internal sealed record ExecCredentialStatus
{
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyData { get; init; }
}
