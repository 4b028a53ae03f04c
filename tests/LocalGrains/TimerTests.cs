using Orleans;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_ticks_when_due_and_again_a_period_after_each_tick()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("a").Start(new(2, 3));
        silo.Clock.Advance(2 * Second);
        await silo.Script.Heard("a tick 1");
        await silo.Ticker("a").Settle();
        silo.Clock.Advance(2 * Second);
        Assert.Equal(1, await silo.Ticker("a").Settle());
        silo.Clock.Advance(Second);
        await silo.Script.Heard("a tick 2");
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_that_runs_and_calls_wait_for_the_tick()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("held").Start(new(1, 1));
        var call = silo.Ticker("held").Hold("call");
        await silo.Script.Heard("call in");
        silo.Clock.Advance(Second);
        silo.Script.Open("call");
        await call;
        await silo.Script.Heard("held tick 1");
        var behind = silo.Ticker("held").Settle();
        Assert.False(behind.IsCompleted);
        silo.Script.Open("tick");
        Assert.Equal(1, await behind);
    }

    [Fact]
    public async Task An_interleaving_tick_runs_beside_a_suspended_call()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("a").Start(new(1, 1, Interleave: true));
        var call = silo.Ticker("a").Hold("call");
        await silo.Script.Heard("call in");
        silo.Clock.Advance(Second);
        await silo.Script.Heard("a tick 1");
        Assert.False(call.IsCompleted);
        silo.Script.Open("call");
        await call;
    }

    [Fact]
    public async Task A_failing_tick_does_not_stop_the_timer()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("failing").Start(new(1, 1));
        silo.Clock.Advance(Second);
        await silo.Script.Heard("failing tick 1");
        await silo.Ticker("failing").Settle();
        silo.Clock.Advance(Second);
        await silo.Script.Heard("failing tick 2");
    }

    [Fact]
    public async Task A_timer_can_be_changed_and_ended()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("a").Start(new(1, 1));
        await silo.Ticker("a").Change(5, 1);
        silo.Clock.Advance(4 * Second);
        Assert.Equal(0, await silo.Ticker("a").Settle());
        silo.Clock.Advance(Second);
        await silo.Script.Heard("a tick 1");
        await silo.Ticker("a").End();
        silo.Clock.Advance(10 * Second);
        Assert.Equal(1, await silo.Ticker("a").Settle());
    }

    [Fact]
    public async Task A_change_made_in_a_tick_counts_from_its_end()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("changing").Start(new(1, 1));
        silo.Clock.Advance(Second);
        await silo.Script.Heard("changing tick 1");
        await silo.Ticker("changing").Settle();
        silo.Clock.Advance(9 * Second);
        Assert.Equal(1, await silo.Ticker("changing").Settle());
        silo.Clock.Advance(Second);
        await silo.Script.Heard("changing tick 2");
    }
}
