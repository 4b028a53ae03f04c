using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Gateway;

/// <summary>Whether the certificate that the other end shows is one of our authorities', and if not, why. For one connection.</summary>
internal sealed class CertificateVerdict(X509Certificate2Collection authorities)
{
    /// <summary>Why the other end is a stranger; null while nothing is held against it.</summary>
    public string? Objection { get; private set; }

    /// <summary>Our authorities and no others. What a stranger shows must not have us fetch anything.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Judged by its chain alone: neither the name nor the usage that a certificate states makes it one of ours.</summary>
    public bool Accepts(object sender, X509Certificate? shown, X509Chain? sent, SslPolicyErrors errors)
    {
        Objection = shown is X509Certificate2 certificate ? Judge(certificate, sent) : "it showed no certificate.";
        return Objection is null;
    }

    private string? Judge(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        if (chain.Build(certificate)) return null;
        var faults = chain.ChainStatus.Select(status => status.Status).ToList();
        return $"its certificate '{certificate.Subject}' {Fault(faults, certificate)}";
    }

    private static string Fault(List<X509ChainStatusFlags> faults, X509Certificate2 certificate)
    {
        if (faults.Exists(IsForeign)) return "is of no authority in ca.crt.";
        return faults.Contains(X509ChainStatusFlags.NotTimeValid) ? Times(certificate) : $"is faulty: {string.Join(", ", faults)}.";
    }

    private static bool IsForeign(X509ChainStatusFlags fault) => fault is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot;

    private static string Times(X509Certificate2 certificate) =>
        $"or one above it is not valid now; its own time is from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}.";
}
