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
        guard.Authorities();
        return guard;
    }

    public async Task<Stream> Pass(Stream stream, ConnectionEnd end, CancellationToken cancellation)
    {
        using var own = Certificate();
        var authorities = Authorities();
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            if (end == ConnectionEnd.Accepted) await secured.AuthenticateAsServerAsync(Server(own, authorities), cancellation);
            else await secured.AuthenticateAsClientAsync(Client(own, authorities), cancellation);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private static SslServerAuthenticationOptions Server(X509Certificate2 own, X509Certificate2Collection authorities) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true),
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(shown, authorities),
    };

    private static SslClientAuthenticationOptions Client(X509Certificate2 own, X509Certificate2Collection authorities) => new()
    {
        TargetHost = "orleanslb",
        ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true),
        RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(shown, authorities),
    };

    private static bool IsOurs(X509Certificate? shown, X509Certificate2Collection authorities)
    {
        if (shown is not X509Certificate2 certificate) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private X509Certificate2 Certificate() => Read("tls.crt", path =>
    {
        var certificate = X509Certificate2.CreateFromPemFile(path, Path.Combine(folder, "tls.key"));
        if (!OperatingSystem.IsWindows()) return certificate;
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null); // Windows takes no key that only memory has
    });

    private X509Certificate2Collection Authorities() => Read("ca.crt", path =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities;
    });

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
