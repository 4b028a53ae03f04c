using System.Diagnostics;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task A_grain_keeps_its_state_from_call_to_call()
    {
        await using var silo = await Silo.Start();
        Assert.Equal(1, await silo.Probe("a").Count());
        Assert.Equal(2, await silo.Probe("a").Count());
        Assert.Equal(1, await silo.Probe("b").Count());
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_as_it_was_thrown()
    {
        await using var silo = await Silo.Start();
        var thrown = await Assert.ThrowsAsync<FormatException>(() => silo.Probe("a").Throw("wrong"));
        Assert.Equal("wrong", thrown.Message);
        Assert.Contains(nameof(ProbeGrain.Throw), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, await silo.Probe("a").Count());
    }

    [Fact]
    public async Task References_are_equal_when_they_lead_to_the_same_grain()
    {
        await using var silo = await Silo.Start();
        var a = silo.Probe("a");
        Assert.Equal(a, await a.Self());
        Assert.Equal(a, silo.Probe("a"));
        Assert.NotEqual(a, silo.Probe("b"));
        Assert.True(await a.IsSame(silo.Probe("b"), silo.Probe("b")));
        Assert.False(await a.IsSame(silo.Probe("b"), silo.Probe("c")));
        Assert.Equal("probe/a", a.GetGrainId().ToString());
        Assert.Equal("a", a.GetPrimaryKeyString());
        Assert.Equal(1, await silo.Grains.GetGrain<IProbe>(a.GetGrainId()).Count());
    }

    [Fact]
    public async Task The_trace_of_each_caller_goes_on_in_the_grain()
    {
        await using var silo = await Silo.Start();
        using var listener =
            new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using (var activity = new Activity("caller").Start())
        {
            Assert.Equal(activity.TraceId.ToString(), await silo.Probe("a").Trace());
        }
        using (var other = new Activity("another").Start())
        {
            Assert.Equal(other.TraceId.ToString(), await silo.Probe("a").Trace());
        }
    }

    [Fact]
    public async Task Request_context_goes_with_the_call_and_does_not_stay()
    {
        await using var silo = await Silo.Start();
        RequestContext.Set("who", "me");
        Assert.Equal("me", await silo.Probe("a").ContextValue("who"));
        Assert.True(RequestContext.Remove("who"));
        Assert.Null(await silo.Probe("a").ContextValue("who"));
    }

    [Fact]
    public async Task An_activation_sees_the_context_of_the_call_that_woke_it()
    {
        await using var silo = await Silo.Start();
        RequestContext.Set("who", "me");
        Assert.Equal("me", await silo.Probe("a").WokenBy());
    }

    [Fact]
    public async Task Code_sent_to_the_pool_leaves_the_turns_and_what_awaits_it_comes_back()
    {
        await using var silo = await Silo.Start();
        Assert.True(await silo.Probe("a").Escapes());
    }

    [Fact]
    public async Task A_cancelled_caller_waits_no_longer_and_the_grain_is_told()
    {
        await using var silo = await Silo.Start();
        using var cancelling = new CancellationTokenSource();
        var waiting = silo.Probe("a").Wait("gate", cancelling.Token);
        await silo.Script.Heard("gate in");
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await silo.Script.Heard("gate cancelled");
    }

    [Fact]
    public async Task Nobody_waits_for_a_one_way_call()
    {
        await using var silo = await Silo.Start();
        await silo.Probe("a").Notify("gate");
        await silo.Script.Heard("gate in");
        Assert.DoesNotContain("gate out", silo.Script.Told);
        silo.Script.Open("gate");
        await silo.Script.Heard("gate out");
    }

    [Fact]
    public async Task An_interface_without_a_grain_class_is_named()
    {
        await using var silo = await Silo.Start();
        var thrown = Assert.Throws<ArgumentException>(() => silo.Grains.GetGrain<INobody>("x"));
        Assert.Contains(nameof(INobody), thrown.Message, StringComparison.Ordinal);
    }

    internal interface INobody : IGrainWithStringKey;
}
