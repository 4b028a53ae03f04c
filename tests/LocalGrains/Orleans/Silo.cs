using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>The same on Microsoft Orleans, so that what LocalGrains promises is held against what it stands for.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private readonly IHost _host;

    private Silo()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(Script);
        builder.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
        var name = Guid.NewGuid().ToString("N");
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: name, clusterId: name).AddActivityPropagation());
        _host = builder.Build();
    }

    public ManualClock Clock { get; } = new();

    public Script Script { get; } = new();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<Silo> Start()
    {
        var silo = new Silo();
        await silo._host.StartAsync(TestContext.Current.CancellationToken);
        return silo;
    }

    public IProbe Probe(string key) => Grains.GetGrain<IProbe>(key);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5)); // A test may leave a call that never ends.
        await _host.StopAsync(patience.Token);
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
