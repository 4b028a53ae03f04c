using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Kubernetes.Client.Connection;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>Reads a client certificate with its key (PKCS#1, PKCS#8 or SEC1) and the intermediates that follow it.</summary>
internal static class ClientCertificate
{
    public static SslStreamCertificateContext Read(string certificatePem, string keyPem, string source)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(certificatePem);
            // SChannel refuses keys that exist in memory only, so the pair passes through PKCS#12.
            var usable = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
            return SslStreamCertificateContext.Create(usable, [.. all.Skip(1)], offline: true);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new ConnectionException($"{source}: the client certificate and its key cannot be used together: {fault.Message}", fault);
        }
    }
}
