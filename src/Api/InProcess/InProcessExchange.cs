using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansLb.Api.InProcess;

/// <summary>
/// Where a process asks its own web server without a socket: requests of the handlers made here enter the pipeline that the server of
/// <see cref="ExchangeServices.AddInProcessExchange"/> was started with, from when that listens until it stops.
/// </summary>
public sealed class InProcessExchange
{
    private readonly ConcurrentDictionary<ExchangedRequest, bool> _open = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IHttpApplication<object>? _application;

    internal ILogger Logger { get; private set; } = NullLogger.Instance;

    /// <summary>A handler for one client; disposing of it ends nothing but that client.</summary>
    public HttpMessageHandler CreateHandler() => new ExchangeHandler(this);

    internal void Open(IHttpApplication<object> application, ILogger logger) => (Logger, _application) = (logger, application);

    /// <summary>From now on requests are refused, as by a port where nobody listens; those that are under way go on.</summary>
    internal void Close() => _application = null;

    internal Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<HttpResponseMessage>(cancellation);
        if (_application is not { } application) return Task.FromException<HttpResponseMessage>(Refusal(request));
        var exchanged = new ExchangedRequest(this, application, request);
        _open[exchanged] = true;
        if (_application is not null) return exchanged.Begin(cancellation);
        exchanged.Dispose(); // it closed meanwhile, and may not have seen this one
        Ended(exchanged);
        return Task.FromException<HttpResponseMessage>(Refusal(request));
    }

    internal void Ended(ExchangedRequest exchanged)
    {
        _open.TryRemove(exchanged, out _);
        if (_application is null && _open.IsEmpty) _drained.TrySetResult();
    }

    /// <summary>Once closed: ends when all that was under way has ended, or is aborted because there is no more time.</summary>
    internal async Task Drain(CancellationToken cancellation)
    {
        if (_open.IsEmpty) _drained.TrySetResult();
        await _drained.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        AbortAll();
    }

    internal void AbortAll()
    {
        foreach (var exchanged in _open.Keys) exchanged.Abort();
    }

    private static HttpRequestException Refusal(HttpRequestMessage request) => new(HttpRequestError.ConnectionError,
        $"{request.RequestUri}: this process does not serve it, or no longer.", new SocketException((int)SocketError.ConnectionRefused));
}
