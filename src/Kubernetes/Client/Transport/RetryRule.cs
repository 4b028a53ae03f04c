using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>
/// Which failed tries of one request are tried again: those that the server asks to repeat (<c>Retry-After</c>), and reads whose connection broke.
/// </summary>
internal sealed class RetryRule(TimeProvider time)
{
    private const int MaxRetries = 10;

    /// <summary>A server that asks for more patience than this is told no: the caller's own back-off is the better judge.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterBrokenConnection = TimeSpan.FromMilliseconds(50);

    private int _retries;

    /// <summary>One try; null when it is to be repeated, after the wait that was called for.</summary>
    public async Task<HttpResponseMessage?> Attempt(Func<Task<HttpResponseMessage>> send, Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await send();
        }
        catch (HttpRequestException fault) when (_retries < MaxRetries && IsBrokenConnection(fault) && IsRead(make))
        {
            _retries++;
            await Task.Delay(AfterBrokenConnection * _retries, time, cancellation);
            return null;
        }
        if (_retries >= MaxRetries || Wait(response) is not { } wait) return response;
        _retries++;
        response.Dispose();
        await Task.Delay(wait, time, cancellation);
        return null;
    }

    private TimeSpan? Wait(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests && (int)response.StatusCode < 500) return null;
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date is { } date ? date - time.GetUtcNow() : null);
        if (wait > LongestWait) return null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static bool IsRead(Func<HttpRequestMessage> make)
    {
        using var request = make();
        return request.Method == HttpMethod.Get;
    }

    // A refused connection is not among them: nobody is there, and the caller backs off.
    private static bool IsBrokenConnection(HttpRequestException fault) =>
        fault.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError
        || fault.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } };
}
