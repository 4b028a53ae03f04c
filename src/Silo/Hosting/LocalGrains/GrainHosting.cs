using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansLb.Core;
using OrleansLb.Grains.Status;
using OrleansLb.LocalGrains;

namespace OrleansLb.Silo.Hosting;

/// <summary>Runs the grains in this process, on src/LocalGrains.</summary>
internal static class GrainHosting
{
    /// <summary>Whether this build can make several processes one service.</summary>
    public static bool CanCluster => false;

    public static void AddGrains(this WebApplicationBuilder builder, ServiceSettings settings)
    {
        if (settings.Cluster is not null)
        {
            throw new OperatorException("a cluster of silos needs Microsoft Orleans, which this build is without (README, \"Two builds\"). Build the product, "
                + "or serve with this one process alone: --cluster single.");
        }
        builder.Services.AddLocalGrains(typeof(IStatusGrain).Assembly);
    }

    /// <summary>There is but one place where a grain can be.</summary>
    public static Task SettleNode(this IServiceProvider services, NodeName node) => Task.CompletedTask;

    /// <summary>Ends the grains in order, while what they call is still there.</summary>
    public static Task StopGrains(this IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<LocalSilo>().StopAsync(cancellation);
}
