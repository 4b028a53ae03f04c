using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansLb.LocalGrains;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>The grains in this process, on LocalGrains.</summary>
public sealed class TestSilo(IServiceCollection services) : IAsyncDisposable
{
    /// <summary>Longer than a test lets its clock leap while a call is under way.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromDays(1);

    private readonly ServiceProvider _services =
        services.AddLocalGrains(options => options.ResponseTimeout = ResponseTimeout, typeof(GrainKeys).Assembly).BuildServiceProvider();
    private bool _started;

    /// <summary>As on a cluster, nobody is there before the silo has been started.</summary>
    public IGrainFactory Grains => _started ? Silo : throw new InvalidOperationException("The silo has not been started.");

    public IReadOnlyList<GrainId> ActiveGrains => Silo.ActiveGrains;

    /// <summary>What is to go wrong with calls.</summary>
    public Faults Faults => Silo.Faults;

    private LocalSilo Silo => _services.GetRequiredService<LocalSilo>();

    public Task Start()
    {
        _started = true;
        return Task.CompletedTask;
    }

    /// <summary>Loses what a grain has in memory.</summary>
    public Task DropActivation(IAddressable grain) => Silo.DropActivation(grain);

    /// <summary>Loses what all grains have in memory.</summary>
    public Task DropAllActivations() => Silo.DropAllActivations();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
