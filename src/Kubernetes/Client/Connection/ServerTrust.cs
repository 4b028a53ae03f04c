using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>Which certificate authorities vouch for the API server.</summary>
public abstract class ServerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private ServerTrust()
    {
    }

    /// <summary>The machine's own authorities.</summary>
    public static ServerTrust System { get; } = new SystemTrust();

    /// <summary>Any certificate at all (<c>insecure-skip-tls-verify</c>).</summary>
    public static ServerTrust Anyone { get; } = new NoTrust();

    /// <summary>Only the authorities of this PEM text.</summary>
    public static ServerTrust FromPem(string pem, string source) => new PinnedTrust(Authorities.Parse(pem, source));

    /// <summary>Only the authorities in this file, read again when it changes.</summary>
    public static ServerTrust FromFile(string path, TimeProvider time) => new FileTrust(path, time);

    public abstract bool Accepts(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors);

    private sealed class SystemTrust : ServerTrust
    {
        public override bool Accepts(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) => errors == SslPolicyErrors.None;
    }

    private sealed class NoTrust : ServerTrust
    {
        public override bool Accepts(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;
    }

    private sealed class PinnedTrust(X509Certificate2Collection authorities) : ServerTrust
    {
        public override bool Accepts(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
            certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && Authorities.Vouch(authorities, certificate, chain);
    }

    private sealed class FileTrust : ServerTrust
    {
        private readonly RereadFile<X509Certificate2Collection> _file;

        public FileTrust(string path, TimeProvider time) => _file = new(path, _ => Authorities.Parse(File.ReadAllText(path), path), time);

        public override bool Accepts(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
            if (Authorities.Vouch(_file.Value, certificate, chain)) return true;
            _file.Forget(); // the authority may have been rotated within the minute that its file is not looked at
            return Authorities.Vouch(_file.Value, certificate, chain);
        }
    }

    private static class Authorities
    {
        public static X509Certificate2Collection Parse(string pem, string source)
        {
            var found = new X509Certificate2Collection();
            try
            {
                found.ImportFromPem(pem);
            }
            catch (CryptographicException fault)
            {
                throw new ConnectionException($"{source} is not a PEM certificate: {fault.Message}", fault);
            }
            return found.Count > 0 ? found : throw new ConnectionException($"{source} holds no certificate; it must have a BEGIN CERTIFICATE block.");
        }

        public static bool Vouch(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? presented)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            if (presented is not null) chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
            return chain.Build(certificate) || IsPinned(authorities, certificate, chain);
        }

        // A CA file may hold an intermediate, or the server's own certificate, without the root above it.
        private static bool IsPinned(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain chain)
        {
            const X509ChainStatusFlags rootMissing = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NoError;
            return chain.ChainStatus.All(status => (status.Status & ~rootMissing) == 0)
                && chain.ChainElements.Any(element =>
                    authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)))
                && certificate.RawDataMemory.Length > 0;
        }
    }
}
