using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public async Task Calls_wait_for_the_activation()
    {
        await using var silo = await Silo.Start();
        var call = silo.Probe("slow").Count();
        await silo.Script.Heard("slow activated");
        Assert.False(call.IsCompleted);
        silo.Script.Open("activation");
        Assert.Equal(1, await call);
    }

    [Fact]
    public async Task A_failed_activation_fails_its_callers_and_the_next_call_tries_again()
    {
        await using var silo = await Silo.Start();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var thrown = await Assert.ThrowsAsync<FormatException>(() => silo.Probe("bad").Count());
            Assert.Equal("no good", thrown.Message);
        }
        Assert.Equal(["bad activated", "bad activated"], silo.Script.Told);
    }

    [Fact]
    public async Task A_deactivated_grain_comes_back_empty()
    {
        await using var silo = await Silo.Start();
        await silo.Probe("a").Count();
        await silo.Probe("a").DeactivateAfter();
        Assert.Equal(1, await silo.Probe("a").Count());
        Assert.Equal(["a activated", "a deactivated: ApplicationRequested", "a activated"], silo.Script.Told);
    }

    [Fact]
    public async Task Calls_that_come_while_a_grain_deactivates_find_the_next_activation()
    {
        await using var silo = await Silo.Start();
        await silo.Probe("lingering").Count();
        await silo.Probe("lingering").DeactivateAfter();
        var next = silo.Probe("lingering").Count();
        await silo.Script.Heard("lingering deactivated: ApplicationRequested");
        Assert.False(next.IsCompleted);
        silo.Script.Open("deactivation");
        Assert.Equal(1, await next);
    }
}
