using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansLb.Simulation.Tests;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>
/// The grains on a cluster of silos of Microsoft Orleans in this process. On Orleans a grain loses its memory without a word only when its silo dies: so
/// whoever asks for that here has the silo killed, with whatever else it keeps, and another started in its place. One silo keeps no grains and never
/// dies: there the speakers are, and the membership.
/// </summary>
public sealed class TestSilo(IServiceCollection services) : IAsyncDisposable
{
    private const int Mortals = 2;

    private readonly string _cluster = Guid.NewGuid().ToString("N");
    private readonly List<IHost> _mortals = [];
    private IHost? _anchor;
    private IPEndPoint? _primary;
    private Task? _started;

    public IGrainFactory Grains =>
        _anchor?.Services.GetRequiredService<IGrainFactory>() ?? throw new InvalidOperationException("The silos have not been started.");

    public Task Start() => _started ??= StartAll();

    /// <summary>The silo dies that keeps the grain.</summary>
    public async Task DropActivation(IAddressable grain)
    {
        var address = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        if (_mortals.Find(silo => AddressOf(silo).Equals(address)) is { } victim) await Kill(victim);
    }

    /// <summary>All silos die that keep grains.</summary>
    public async Task DropAllActivations()
    {
        foreach (var victim in _mortals.ToList()) await Kill(victim);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _mortals) await End(silo);
        if (_anchor is not null) await End(_anchor);
    }

    private async Task StartAll()
    {
        _anchor = await StartSilo("anchor");
        for (var count = 0; count < Mortals; count++) _mortals.Add(await StartSilo(Mortal.Name));
    }

    private async Task Kill(IHost victim)
    {
        _mortals.Remove(victim);
        var dead = AddressOf(victim);
        await End(victim);
        await _anchor!.Services.GetRequiredService<IClusterMembershipService>().TryKill(dead);
        _mortals.Add(await StartSilo(Mortal.Name));
    }

    /// <summary>Nothing is left in order.</summary>
    private static async Task End(IHost silo)
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await silo.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        silo.Dispose();
    }

    private async Task<IHost> StartSilo(string name)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        foreach (var service in services) builder.Services.Add(service);
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System); // The silo itself lives in real time: only its grains have the test's.
        builder.Services.AddKeyedSingleton(TimeProviderNames.Grains, (provider, _) => provider.GetRequiredService<TimeProvider>());
        var port = FreePort();
        _primary ??= new(IPAddress.Loopback, port);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, _primary, serviceId: _cluster, clusterId: _cluster);
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero); // as the service has it
            silo.Services.AddPlacementDirector<Mortal, Mortal.Director>();
            silo.Services.AddSingleton<IPlacementStrategyResolver, Mortal.Resolver>();
#pragma warning disable ORLEANSEXP003 // the directory that the service uses
            silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static SiloAddress AddressOf(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
