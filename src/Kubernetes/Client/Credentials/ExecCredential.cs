using System.Net.Http.Headers;
using System.Text.Json;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>
/// A credential that a program prints as an <c>ExecCredential</c> (<c>client.authentication.k8s.io</c>); kept until it expires or is refused.
/// </summary>
internal sealed class ExecCredential(ExecPlugin plugin, ClusterConnection cluster, IExecRunner runner, TimeProvider time) : Credential, IDisposable
{
    private readonly SemaphoreSlim _running = new(1, 1);
    private volatile Held? _held;

    internal override async ValueTask<Proof> Get(CancellationToken cancellation)
    {
        if (Usable() is { } proof) return proof;
        await _running.WaitAsync(cancellation);
        try
        {
            return Usable() ?? await Renew(cancellation);
        }
        finally
        {
            _running.Release();
        }
    }

    internal override bool Reject(Proof proof)
    {
        if (ReferenceEquals(_held?.Proof, proof)) _held = null;
        return true;
    }

    public void Dispose() => _running.Dispose();

    private Proof? Usable() => _held is { } held && (held.Expires is not { } expires || time.GetUtcNow() < expires) ? held.Proof : null;

    private async Task<Proof> Renew(CancellationToken cancellation)
    {
        var output = await runner.Run(plugin, plugin.Request(cluster), cancellation);
        var held = Parse(output);
        _held = held;
        return held.Proof;
    }

    private Held Parse(byte[] output)
    {
        ExecCredentialObject? answer;
        try
        {
            answer = JsonSerializer.Deserialize(output, ClientJson.Default.ExecCredentialObject);
        }
        catch (JsonException fault)
        {
            throw new ConnectionException($"{plugin.Command} did not print an ExecCredential as JSON: {fault.Message}", fault);
        }
        if (answer?.Kind != "ExecCredential" || answer.ApiVersion != plugin.ApiVersion)
        {
            throw new ConnectionException(
                $"{plugin.Command} printed a {answer?.Kind} of {answer?.ApiVersion}; an ExecCredential of {plugin.ApiVersion} was asked for.");
        }
        return new Held(ProofOf(answer.Status), answer.Status?.ExpirationTimestamp);
    }

    private Proof ProofOf(ExecCredentialStatus? status)
    {
        var certificate = (status?.ClientCertificateData, status?.ClientKeyData) switch
        {
            ({ Length: > 0 } pem, { Length: > 0 } key) => ClientCertificate.Read(pem, key, plugin.Command),
            (null or "", null or "") => null,
            _ => throw new ConnectionException($"{plugin.Command} gave only one of clientCertificateData and clientKeyData; both are needed."),
        };
        var header = string.IsNullOrEmpty(status?.Token) ? null : new AuthenticationHeaderValue("Bearer", status.Token);
        return header is null && certificate is null
            ? throw new ConnectionException($"{plugin.Command} gave neither a token nor a client certificate.")
            : new Proof(header, certificate);
    }

    private sealed record Held(Proof Proof, DateTimeOffset? Expires);
}
