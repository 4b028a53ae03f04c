using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Gateway;

/// <summary>
/// Mutual TLS: each end shows a certificate of the authority that both trust, and of no other. Which name it bears does not matter, for addresses of nodes come
/// and go. The files are those of a Secret of type <c>kubernetes.io/tls</c>; they are read for each connection, so that a new certificate needs no restart.
/// </summary>
internal sealed class TlsGuard(string folder) : IConnectionGuard
{
    public static TlsGuard Of(string folder)
    {
        var guard = new TlsGuard(folder);
        guard.Certificate().Dispose(); // what is wrong is said at the start
        guard.Intermediates();
        guard.Authorities();
        return guard;
    }

    public async Task<Stream> Pass(Stream stream, ConnectionEnd end, CancellationToken cancellation)
    {
        using var own = Certificate();
        var shows = SslStreamCertificateContext.Create(own, Intermediates(), offline: true);
        var verdict = new CertificateVerdict(Authorities());
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            if (end == ConnectionEnd.Accepted) await secured.AuthenticateAsServerAsync(Server(shows, verdict), cancellation);
            else await secured.AuthenticateAsClientAsync(Client(shows, verdict), cancellation);
            return secured;
        }
        catch (Exception refused)
        {
            await secured.DisposeAsync();
            if (verdict.Objection is { } objection) throw new StrangerException(objection, refused);
            throw;
        }
    }

    private static SslServerAuthenticationOptions Server(SslStreamCertificateContext shows, CertificateVerdict verdict) => new()
    {
        ServerCertificateContext = shows,
        ClientCertificateRequired = true,
        CertificateChainPolicy = verdict.Policy(),
        RemoteCertificateValidationCallback = verdict.Accepts,
    };

    private static SslClientAuthenticationOptions Client(SslStreamCertificateContext shows, CertificateVerdict verdict) => new()
    {
        TargetHost = "orleanslb",
        ClientCertificateContext = shows,
        CertificateChainPolicy = verdict.Policy(),
        RemoteCertificateValidationCallback = verdict.Accepts,
    };

    private X509Certificate2 Certificate() => Read("tls.crt", path =>
    {
        var certificate = X509Certificate2.CreateFromPemFile(path, Path.Combine(folder, "tls.key"));
        if (!OperatingSystem.IsWindows()) return certificate;
        // Windows takes no key that only memory has
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    });

    /// <summary>The authorities between our certificate and those of <c>ca.crt</c>, which stand below it in its file.</summary>
    private X509Certificate2Collection Intermediates() => Read("tls.crt", path =>
    {
        var certificates = Import(path);
        certificates.RemoveAt(0);
        return certificates;
    });

    private X509Certificate2Collection Authorities() => Read("ca.crt", path =>
        Import(path) is { Count: > 0 } authorities ? authorities : throw new CryptographicException("ca.crt has no certificate."));

    private static X509Certificate2Collection Import(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    }

    private T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(Path.Combine(folder, file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new GuardException($"'{folder}' must have tls.crt, tls.key and ca.crt: {unreadable.Message}", unreadable);
        }
    }
}
