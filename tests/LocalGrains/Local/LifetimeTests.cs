using Orleans;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>How activations are lost, collected and ended with the silo.</summary>
public sealed class LocalLifetimeTests
{
    [Fact]
    public async Task A_dropped_activation_fails_what_it_runs_keeps_what_waits_and_comes_back_empty()
    {
        await using var silo = await Silo.Start();
        await silo.Probe("a").Count();
        var running = silo.Probe("a").Pass("running");
        var waiting = silo.Probe("a").Count();
        await silo.Script.Heard("running in");
        await silo.Local.DropActivation(silo.Probe("a"));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
        Assert.Equal(1, await waiting);
        silo.Script.Open("running");
        await silo.Probe("a").Count();
        Assert.Equal(["a activated", "running in", "a activated"], silo.Script.Told); // No turn of the lost one ran again, and it was not told.
    }

    [Fact]
    public async Task All_activations_can_be_dropped_at_once()
    {
        await using var silo = await Silo.Start();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => silo.Probe($"{i}").Count()));
        await silo.Local.DropAllActivations();
        Assert.Empty(silo.Local.ActiveGrains);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(i => silo.Probe($"{i}").Count())), count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task An_idle_activation_is_collected_and_a_used_one_stays()
    {
        await using var silo = await Silo.Start();
        await Task.WhenAll(silo.Probe("idle").Count(), silo.Probe("used").Count());
        silo.Clock.Advance(TimeSpan.FromMinutes(14));
        await silo.Probe("used").Count();
        silo.Clock.Advance(TimeSpan.FromMinutes(1));
        await silo.Script.Heard("idle deactivated: ActivationIdle");
        Assert.Equal(3, await silo.Probe("used").Count());
    }

    [Fact]
    public async Task Stopping_deactivates_every_grain_once_its_calls_are_done_and_refuses_new_ones()
    {
        await using var silo = await Silo.Start();
        var running = silo.Probe("a").Pass("running");
        await silo.Probe("b").Count();
        await silo.Script.Heard("running in");
        var stopping = silo.Local.StopAsync(TestContext.Current.CancellationToken);
        await silo.Script.Heard("b deactivated: ShuttingDown");
        Assert.False(stopping.IsCompleted);
        silo.Script.Open("running");
        await running;
        await stopping;
        Assert.Contains("a deactivated: ShuttingDown", silo.Script.Told);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => silo.Probe("c").Count());
    }

    [Fact]
    public async Task A_stop_that_is_out_of_time_loses_the_grains_that_have_not_ended()
    {
        await using var silo = await Silo.Start();
        using var outOfTime = new CancellationTokenSource();
        var running = silo.Probe("a").Pass("never");
        await silo.Script.Heard("never in");
        var stopping = silo.Local.StopAsync(outOfTime.Token);
        await outOfTime.CancelAsync();
        await stopping;
        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
    }

    [Fact]
    public async Task A_timer_ends_with_its_activation()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("a").Start(new(1, 1));
        await silo.Local.DropActivation(silo.Ticker("a"));
        silo.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await silo.Ticker("a").Settle());
        Assert.Empty(silo.Script.Told);
    }

    [Fact]
    public async Task Only_a_timer_that_keeps_its_grain_alive_does()
    {
        await using var silo = await Silo.Start();
        await silo.Ticker("kept").Start(new(60, 60, KeepAlive: true));
        await silo.Ticker("left").Start(new(60, 60));
        silo.Clock.Advance(TimeSpan.FromSeconds(30)); // until nothing looks after the calls of the start any more
        var armed = silo.Clock.ActiveTimers;
        for (var minute = 1; minute <= 15; minute++)
        {
            silo.Clock.Advance(TimeSpan.FromMinutes(1));
            if (minute == 15) break;
            await Task.WhenAll(silo.Script.Heard($"kept tick {minute}"), silo.Script.Heard($"left tick {minute}"));
            await silo.Clock.Armed(armed); // A tick is heard before its timer has counted the next.
        }
        await silo.Script.Heard("left deactivated");
        Assert.Equal(["ticker/kept"], silo.Local.ActiveGrains.Select(grain => grain.ToString()));
    }
}
