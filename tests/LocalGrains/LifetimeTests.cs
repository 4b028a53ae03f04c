using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public async Task Calls_wait_for_the_activation()
    {
        await using var silo = new Silo();
        var call = silo.Probe("slow").Count();
        await silo.Script.Heard("slow activated");
        Assert.False(call.IsCompleted);
        silo.Script.Open("activation");
        Assert.Equal(1, await call);
    }

    [Fact]
    public async Task A_failed_activation_fails_its_callers_and_the_next_call_tries_again()
    {
        await using var silo = new Silo();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var thrown = await Assert.ThrowsAsync<FormatException>(() => silo.Probe("bad").Count());
            Assert.Equal("no good", thrown.Message);
        }
        Assert.Equal(["bad activated", "bad activated"], silo.Script.Told);
        Assert.Empty(silo.Local.ActiveGrains);
    }

    [Fact]
    public async Task A_deactivated_grain_comes_back_empty()
    {
        await using var silo = new Silo();
        await silo.Probe("a").Count();
        await silo.Probe("a").DeactivateAfter();
        Assert.Equal(1, await silo.Probe("a").Count());
        Assert.Equal(["a activated", "a deactivated: ApplicationRequested", "a activated"], silo.Script.Told);
    }

    [Fact]
    public async Task Calls_that_come_while_a_grain_deactivates_find_the_next_activation()
    {
        await using var silo = new Silo();
        await silo.Probe("lingering").Count();
        await silo.Probe("lingering").DeactivateAfter();
        var next = silo.Probe("lingering").Count();
        await silo.Script.Heard("lingering deactivated: ApplicationRequested");
        Assert.False(next.IsCompleted);
        silo.Script.Open("deactivation");
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task A_dropped_activation_fails_what_it_runs_keeps_what_waits_and_comes_back_empty()
    {
        await using var silo = new Silo();
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
        await using var silo = new Silo();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => silo.Probe($"{i}").Count()));
        await silo.Local.DropAllActivations();
        Assert.Empty(silo.Local.ActiveGrains);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(i => silo.Probe($"{i}").Count())), count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task An_idle_activation_is_collected_and_a_used_one_stays()
    {
        await using var silo = new Silo();
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
        await using var silo = new Silo();
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
        await using var silo = new Silo();
        using var outOfTime = new CancellationTokenSource();
        var running = silo.Probe("a").Pass("never");
        await silo.Script.Heard("never in");
        var stopping = silo.Local.StopAsync(outOfTime.Token);
        await outOfTime.CancelAsync();
        await stopping;
        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
    }
}
