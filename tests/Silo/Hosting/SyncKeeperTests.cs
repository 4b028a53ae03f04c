using System.Reflection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Hosting;

public sealed class SyncKeeperTests
{
    [Fact]
    public async Task A_grain_whose_silo_dies_at_that_moment_ends_no_start()
    {
        var grains = DispatchProxy.Create<IGrainFactory, Unreachable>();
        using var host = new ApplicationLifetimeScope();
        using var keeper = new SyncKeeper(grains, host.Lifetime, TimeProvider.System, NullLogger<SyncKeeper>.Instance);
        await keeper.Look();
        Assert.Equal(1, ((Unreachable)(object)grains).Calls);
    }

    /// <summary>Whatever is asked of it fails.</summary>
    public class Unreachable : DispatchProxy
    {
        public int Calls { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls++;
            throw new TimeoutException("The silo is gone.");
        }
    }

    private sealed class ApplicationLifetimeScope : IDisposable
    {
        public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

        public void Dispose() => Lifetime.StopApplication();
    }
}
