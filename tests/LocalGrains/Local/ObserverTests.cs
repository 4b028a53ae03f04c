using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>What becomes of observers that are gone, and of calls that go round through one.</summary>
public sealed class LocalObserverTests
{
    [Fact]
    public async Task A_deleted_reference_leads_nowhere_and_the_caller_times_out()
    {
        await using var silo = await Silo.Start();
        var listener = new Listener();
        var reference = silo.Grains.CreateObjectReference<IListener>(listener);
        await reference.Hear("before");
        silo.Grains.DeleteObjectReference<IListener>(reference);
        var call = reference.Hear("after");
        silo.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(["before"], listener.Heard);
    }

    [Fact]
    public async Task The_silo_does_not_keep_an_observer_alive()
    {
        await using var silo = await Silo.Start();
        var (reference, observer) = Forgotten(silo);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(observer.IsAlive);
        var call = reference.Hear("anyone?");
        silo.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task An_observer_that_calls_back_the_grain_that_waits_for_it_closes_a_ring()
    {
        await using var silo = await Silo.Start();
        var listener = new Listener { OnHear = () => silo.Probe("a").Count() };
        await silo.Probe("a").Subscribe(silo.Grains.CreateObjectReference<IListener>(listener));
        var thrown = await Assert.ThrowsAsync<CallCycleException>(() => silo.Probe("a").Publish("one"));
        Assert.StartsWith("probe/a.Publish -> sys.client/", thrown.Chain, StringComparison.Ordinal);
        Assert.EndsWith(".Hear -> probe/a.Count", thrown.Chain, StringComparison.Ordinal);
        GC.KeepAlive(listener);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (IListener, WeakReference) Forgotten(Silo silo)
    {
        var listener = new Listener();
        return (silo.Grains.CreateObjectReference<IListener>(listener), new(listener));
    }
}
