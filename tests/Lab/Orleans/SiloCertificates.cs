using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Silo.Lab;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>Folders as mounted Secrets of type <c>kubernetes.io/tls</c>, with certificates of authorities of a test's own making.</summary>
internal sealed class SiloCertificates : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, X509Certificate2> _authorities = [];

    /// <summary>The folder of a node.</summary>
    public string Of(string node) => Directory.CreateDirectory(Path.Combine(_folder.Path, node)).FullName;

    /// <summary>
    /// Writes the node's folder: a new certificate of one authority, and the authorities that it trusts. In place of
    /// what it had, as a Secret's volume is changed.
    /// </summary>
    public string Write(string node, string issuer, params string[] trusted) => Write(node, issuer, Now.AddHours(1), trusted);

    /// <summary>Likewise, with a certificate whose time is over.</summary>
    public string WriteExpired(string node, string issuer) => Write(node, issuer, Now.AddMinutes(-1), issuer);

    private string Write(string node, string issuer, DateTimeOffset until, params string[] trusted)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={node}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(Authority(issuer), Now.AddHours(-1), until, RandomNumberGenerator.GetBytes(8));
        Put(node, "ca.crt", string.Join('\n', trusted.Select(name => Authority(name).ExportCertificatePem())));
        Put(node, "tls.key", key.ExportPkcs8PrivateKeyPem());
        Put(node, "tls.crt", certificate.ExportCertificatePem());
        return Of(node);
    }

    public void Dispose()
    {
        foreach (var authority in _authorities.Values) authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>No reader finds half a file.</summary>
    private void Put(string node, string name, string text)
    {
        var path = Path.Combine(Of(node), name);
        File.WriteAllText($"{path}.new", text);
        File.Move($"{path}.new", path, overwrite: true);
    }

    private X509Certificate2 Authority(string name)
    {
        if (_authorities.TryGetValue(name, out var known)) return known;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return _authorities[name] = request.CreateSelfSigned(Now.AddHours(-2), Now.AddHours(2));
    }
}
