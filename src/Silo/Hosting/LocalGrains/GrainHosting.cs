using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansLb.Grains.Status;
using OrleansLb.LocalGrains;

namespace OrleansLb.Silo.Hosting;

/// <summary>Runs the grains in this process, on src/LocalGrains.</summary>
internal static class GrainHosting
{
    public static void AddGrains(this WebApplicationBuilder builder) => builder.Services.AddLocalGrains(typeof(IStatusGrain).Assembly);

    /// <summary>Ends the grains in order, while what they call is still there.</summary>
    public static Task StopGrains(this IServiceProvider services, CancellationToken cancellation) => services.GetRequiredService<LocalSilo>().StopAsync(cancellation);
}
