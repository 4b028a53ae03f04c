using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansLb.LocalGrains;
using OrleansLb.LocalGrains.Activations;

namespace Orleans.Hosting;

/// <summary>Adds grains that live in this process.</summary>
public static class LocalGrainsServices
{
    /// <summary>Adds a <see cref="LocalSilo"/> with the grain classes of these assemblies, and the <see cref="IGrainFactory"/> that calls them.</summary>
    public static IServiceCollection AddLocalGrains(this IServiceCollection services, params Assembly[] assemblies) =>
        services.AddLocalGrains(_ => { }, assemblies);

    /// <inheritdoc cref="AddLocalGrains(IServiceCollection, Assembly[])"/>
    public static IServiceCollection AddLocalGrains(this IServiceCollection services, Action<LocalGrainsOptions> configure, params Assembly[] assemblies)
    {
        var options = new LocalGrainsOptions();
        configure(options);
        var classes = new GrainClasses(assemblies);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LocalSilo(classes, options, provider, provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<LocalSilo>>() ?? NullLogger<LocalSilo>.Instance));
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<LocalSilo>());
        services.AddScoped<IGrainContext>(_ => Activation.Executing ?? throw new InvalidOperationException("Only a grain has a grain context."));
        return services;
    }
}
