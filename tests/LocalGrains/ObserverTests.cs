using Orleans;

namespace OrleansLb.LocalGrains.Tests;

public sealed class ObserverTests
{
    [Fact]
    public async Task An_observer_hears_what_a_grain_publishes_in_order()
    {
        await using var silo = await Silo.Start();
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
        await using var silo = await Silo.Start();
        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() => silo.Probe("a").Subscribe(new Listener()));
        Assert.Contains("CreateObjectReference", thrown.Message, StringComparison.Ordinal);
    }
}
