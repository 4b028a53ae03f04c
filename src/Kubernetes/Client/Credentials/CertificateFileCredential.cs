using System.Net.Security;
using OrleansLb.Kubernetes.Client.Connection;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>
/// A credential with a client certificate in files that somebody renews: they are read again as a token is. While certificate and key do not fit together, as
/// between the writing of the one and of the other, the last that did stand.
/// </summary>
/// <param name="other">What is shown besides.</param>
/// <param name="read">The certificate and its key, as PEM.</param>
/// <param name="source">Whose they are, for faults.</param>
internal sealed class CertificateFileCredential(Credential other, Func<(string Certificate, string Key)> read, string source, TimeProvider time) : Credential
{
    private readonly RereadFile<Pair> _files = new(source, before =>
    {
        var pem = read();
        // another context would be another connection
        return before is not null && before.Pem == pem ? before : new(pem, ClientCertificate.Read(pem.Certificate, pem.Key, source));
    }, time);

    internal override async ValueTask<Proof> Get(CancellationToken cancellation) => await other.Get(cancellation) with { Certificate = _files.Value.Context };

    internal override bool Reject(Proof proof)
    {
        _files.Forget();
        var isRenewed = !ReferenceEquals(_files.Value.Context, proof.Certificate);
        return other.Reject(proof) || isRenewed;
    }

    private sealed record Pair((string Certificate, string Key) Pem, SslStreamCertificateContext Context);
}
