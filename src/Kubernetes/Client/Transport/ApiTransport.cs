using System.Net.Security;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Credentials;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>Sends requests to one API server as one user: adds the credential, retries what may be retried, and logs the server's warnings once.</summary>
internal sealed class ApiTransport(ClusterConnection connection, TimeProvider time, ILogger logger,
    Func<SslStreamCertificateContext?, HttpMessageHandler>? open = null) : IDisposable
{
    private readonly Func<SslStreamCertificateContext?, HttpMessageHandler> _open = open ?? (certificate => Connections.Handler(connection, certificate));
    private readonly ServerWarnings _warnings = new(logger);
    private volatile Session? _session;

    public ClusterConnection Connection => connection;

    /// <summary>Sends a request that <paramref name="make"/> makes anew for every try. The answer may be a refusal; its body has not been read.</summary>
    public async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        var retry = new RetryRule(time);
        var reauthenticated = false;
        while (true)
        {
            var proof = await connection.Credential.Get(cancellation);
            var response = await retry.Attempt(() => SendOnce(make(), proof, cancellation), make, cancellation);
            if (response is null) continue;
            _warnings.Read(response);
            if (response.StatusCode != System.Net.HttpStatusCode.Unauthorized) return response;
            if (!connection.Credential.Reject(proof) || reauthenticated) return response;
            reauthenticated = true;
            response.Dispose();
        }
    }

    public void Dispose() => _session?.Invoker.Dispose();

    private Task<HttpResponseMessage> SendOnce(HttpRequestMessage request, Proof proof, CancellationToken cancellation)
    {
        request.Headers.Authorization = proof.Header;
        connection.Impersonation?.AddTo(request);
        return Invoker(proof.Certificate).SendAsync(request, cancellation);
    }

    // A new certificate needs new connections. The old ones are left to finish what runs on them; idle ones close by themselves.
    private HttpMessageInvoker Invoker(SslStreamCertificateContext? certificate)
    {
        if (_session is { } session && ReferenceEquals(session.Certificate, certificate)) return session.Invoker;
        var fresh = new Session(certificate, new HttpMessageInvoker(_open(certificate)));
        var before = _session;
        if (ReferenceEquals(Interlocked.CompareExchange(ref _session, fresh, before), before)) return fresh.Invoker;
        fresh.Invoker.Dispose();
        return Invoker(certificate);
    }

    private sealed record Session(SslStreamCertificateContext? Certificate, HttpMessageInvoker Invoker);
}
