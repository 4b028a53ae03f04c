using System.Net.Http.Headers;
using System.Net.Security;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>How a client says who it is.</summary>
public abstract class Credential
{
    public static Credential Anonymous { get; } = new FixedCredential(Proof.None);

    /// <summary>What to show to the server now.</summary>
    internal abstract ValueTask<Proof> Get(CancellationToken cancellation);

    /// <summary>The server answered 401 to this proof; true when asking again now may give a better one.</summary>
    internal virtual bool Reject(Proof proof) => false;
}

/// <summary>A header, a client certificate, both or neither.</summary>
internal sealed record Proof(AuthenticationHeaderValue? Header, SslStreamCertificateContext? Certificate)
{
    public static readonly Proof None = new(null, null);
}

/// <summary>A credential that never changes: certificate, static token, user name and password.</summary>
internal sealed class FixedCredential(Proof proof) : Credential
{
    internal override ValueTask<Proof> Get(CancellationToken cancellation) => new(proof);
}
