using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Kubernetes.Tests.Client;

/// <summary>A certificate authority of a test, and what it signs.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public Certificates(string name = "test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(130));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    public X509Certificate2 Server(string? dnsName = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256), dnsName);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client certificate whose key is written in one of the forms that a kubeconfig may have.</summary>
    public (string Certificate, string Key) Client(string form)
    {
        if (form == "EC PRIVATE KEY")
        {
            using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var signed = Sign(new CertificateRequest("CN=client", curve, HashAlgorithmName.SHA256), null);
            return (signed.ExportCertificatePem(), curve.ExportECPrivateKeyPem());
        }
        using var rsa = RSA.Create(2048);
        using var signedRsa = Sign(new CertificateRequest("CN=client", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), null);
        return (signedRsa.ExportCertificatePem(), form == "RSA PRIVATE KEY" ? rsa.ExportRSAPrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(CertificateRequest request, string? dnsName)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (dnsName is null) names.AddIpAddress(IPAddress.Loopback);
        else names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(_authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), DateTimeOffset.UnixEpoch.AddYears(51),
            DateTimeOffset.UnixEpoch.AddYears(120), RandomNumberGenerator.GetBytes(8));
    }
}
