using System.Diagnostics;
using System.Net.Http.Headers;

namespace OrleansLb.Api.InProcess;

/// <summary>
/// Sends requests into the pipeline of this process. What was current for the caller (scheduler, execution context) stays behind, as with a socket.
/// </summary>
internal sealed class ExchangeHandler(InProcessExchange exchange) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The trace goes on by its header, as SocketsHttpHandler has it.
        if (Activity.Current is { } current) DistributedContextPropagator.Current.Inject(current, request.Headers, AddTrace);
        return exchange.Send(request, cancellationToken);
    }

    private static void AddTrace(object? headers, string name, string value)
    {
        if (headers is HttpRequestHeaders request && !request.NonValidated.Contains(name)) request.TryAddWithoutValidation(name, value);
    }
}
