using System.Net.Http.Headers;
using OrleansLb.Kubernetes.Client.Connection;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>A bearer token in a file that somebody renews.</summary>
internal sealed class TokenFileCredential : Credential
{
    private readonly RereadFile<Proof> _file;
    private readonly Proof? _certificate;

    public TokenFileCredential(string path, TimeProvider time, Proof? certificate = null)
    {
        _certificate = certificate;
        _file = new(path, _ => Parse(File.ReadAllText(path), path), time);
    }

    internal override ValueTask<Proof> Get(CancellationToken cancellation) => new(_file.Value);

    internal override bool Reject(Proof proof)
    {
        _file.Forget();
        return _file.Value.Header?.Parameter != proof.Header?.Parameter; // renewed since it was read
    }

    private Proof Parse(string text, string path)
    {
        var token = text.Trim();
        return token.Length > 0
            ? new Proof(new AuthenticationHeaderValue("Bearer", token), _certificate?.Certificate)
            : throw new ConnectionException($"{path} is empty; it must hold a bearer token.");
    }
}
