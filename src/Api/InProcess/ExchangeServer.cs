using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Api.InProcess;

/// <summary>A web server whose pipeline the exchange uses too: both begin and end together.</summary>
internal sealed class ExchangeServer(IServer server, InProcessExchange exchange, ILogger<ExchangeServer> logger) : IServer
{
    public IFeatureCollection Features => server.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        await server.StartAsync(application, cancellationToken);
        exchange.Open(new Application<TContext>(application), logger);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        exchange.Close();
        return Task.WhenAll(exchange.Drain(cancellationToken), server.StopAsync(cancellationToken));
    }

    public void Dispose()
    {
        exchange.Close();
        exchange.AbortAll();
        server.Dispose();
    }

    /// <summary>Hides what the host's context is, of which nobody here needs to know.</summary>
    private sealed class Application<TContext>(IHttpApplication<TContext> application) : IHttpApplication<object>
        where TContext : notnull
    {
        public object CreateContext(IFeatureCollection contextFeatures) => application.CreateContext(contextFeatures);

        public Task ProcessRequestAsync(object context) => application.ProcessRequestAsync((TContext)context);

        public void DisposeContext(object context, Exception? exception) => application.DisposeContext((TContext)context, exception);
    }
}
