using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Core.Internal;
using Orleans.Runtime;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>The grains in this process, on a silo of Microsoft Orleans.</summary>
public sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private Task? _started;

    public TestSilo(IServiceCollection services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        foreach (var service in services) builder.Services.Add(service);
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System); // The silo itself lives in real time: only its grains have the test's.
        builder.Services.AddKeyedSingleton(TimeProviderNames.Grains, (provider, _) => provider.GetRequiredService<TimeProvider>());
        var name = Guid.NewGuid().ToString("N");
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: name, clusterId: name).AddActivityPropagation());
        _host = builder.Build();
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IReadOnlyList<GrainId> ActiveGrains => FindActiveGrains().GetAwaiter().GetResult();

    public Task Start() => _started ??= _host.StartAsync(TestContext.Current.CancellationToken);

    /// <summary>Loses what a grain has in memory.</summary>
    public async Task DropActivation(IAddressable grain) => await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

    /// <summary>Loses what all grains have in memory.</summary>
    public async Task DropAllActivations()
    {
        var active = await FindActiveGrains();
        await Task.WhenAll(active.Select(grain => DropActivation(Grains.GetGrain(grain))));
    }

    /// <summary>Nothing is left in order: grains that are at work would be waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
    }

    private async Task<IReadOnlyList<GrainId>> FindActiveGrains()
    {
        var grains = await Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return [.. grains.Where(grain => grain.GrainType.StartsWith("OrleansLb.", StringComparison.Ordinal)).Select(grain => grain.GrainId)];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
