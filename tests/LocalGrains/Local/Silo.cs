using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>A silo with the grains of this assembly, a clock that stands until it is moved, and a <see cref="Script"/> that tests and grains share.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Silo() => _services = new ServiceCollection()
        .AddSingleton<TimeProvider>(Clock).AddSingleton(Script)
        .AddLocalGrains(typeof(Silo).Assembly)
        .BuildServiceProvider(validateScopes: true);

    public ManualClock Clock { get; } = new();

    public Script Script { get; } = new();

    public LocalSilo Local => _services.GetRequiredService<LocalSilo>();

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public static Task<Silo> Start() => Task.FromResult(new Silo());

    public IProbe Probe(string key) => Grains.GetGrain<IProbe>(key);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
