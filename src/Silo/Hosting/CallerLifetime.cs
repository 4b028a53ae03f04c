using Microsoft.Extensions.Hosting;

namespace OrleansLb.Silo.Hosting;

/// <summary>The host lives as long as its caller wants: signals are the command line's business.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
