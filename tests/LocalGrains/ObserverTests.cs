using System.Runtime.CompilerServices;
using Orleans;

namespace OrleansLb.LocalGrains.Tests;

public sealed class ObserverTests
{
    [Fact]
    public async Task An_observer_hears_what_a_grain_publishes_in_order()
    {
        await using var silo = new Silo();
        var listener = new Listener();
        await silo.Probe("a").Subscribe(silo.Grains.CreateObjectReference<IListener>(listener));
        await silo.Probe("a").Publish("one");
        await silo.Probe("a").Publish("two");
        Assert.Equal(["one (one way)", "one", "two (one way)", "two"], listener.Heard);
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task An_observer_itself_is_no_argument()
    {
        await using var silo = new Silo();
        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() => silo.Probe("a").Subscribe(new Listener()));
        Assert.Contains("CreateObjectReference", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_reference_leads_nowhere_and_the_caller_times_out()
    {
        await using var silo = new Silo();
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
        await using var silo = new Silo();
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
        await using var silo = new Silo();
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

    private sealed class Listener : IListener
    {
        public List<string> Heard { get; } = [];

        public Func<Task> OnHear { get; init; } = () => Task.CompletedTask;

        public Task Hear(string text)
        {
            Heard.Add(text);
            return OnHear();
        }

        public void HearOneWay(string text) => Heard.Add($"{text} (one way)");
    }
}
