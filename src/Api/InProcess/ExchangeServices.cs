using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Api.Hosting;

namespace OrleansLb.Api.InProcess;

/// <summary>Puts an exchange beside the web server of an application.</summary>
public static class ExchangeServices
{
    /// <summary>The server that is registered already (Kestrel) goes on serving everybody else; the exchange gets the same pipeline.</summary>
    public static IServiceCollection AddInProcessExchange(this IServiceCollection services, InProcessExchange exchange)
    {
        var registered = services.LastOrDefault(service => service.ServiceType == typeof(IServer))
            ?? throw new InvalidOperationException("There is no web server to stand beside: register it first.");
        return services.AddSingleton<IServer>(provider =>
            new ExchangeServer((IServer)registered.Make(provider), exchange, provider.GetRequiredService<ILogger<ExchangeServer>>()));
    }
}
