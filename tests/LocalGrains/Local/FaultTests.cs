namespace OrleansLb.LocalGrains.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task A_call_that_is_to_fail_fails_once_and_does_not_arrive()
    {
        await using var silo = await Silo.Start();
        var fault = silo.Local.Faults.Fail(call => call is { Target: { Key.Text: "a" }, Interface: nameof(IProbe), Method: nameof(IProbe.Count) },
            new IOException("cut"));
        Assert.Equal(1, await silo.Probe("b").Count());
        Assert.False(fault.Struck.IsCompleted);
        var thrown = await Assert.ThrowsAsync<IOException>(() => silo.Probe("a").Count());
        Assert.Equal("cut", thrown.Message);
        await fault.Struck;
        Assert.Equal(1, await silo.Probe("a").Count());
    }

    [Fact]
    public async Task A_lost_call_does_not_arrive_and_its_caller_times_out()
    {
        await using var silo = await Silo.Start();
        var fault = silo.Local.Faults.Lose(call => call.Method is nameof(IProbe.Count));
        var call = silo.Probe("a").Count();
        await fault.Struck;
        silo.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(1, await silo.Probe("a").Count());
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_work_done_and_the_caller_without_it()
    {
        await using var silo = await Silo.Start();
        var fault = silo.Local.Faults.LoseAnswer(call => call.Method is nameof(IProbe.Count));
        var call = silo.Probe("a").Count();
        await fault.Struck;
        silo.Clock.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(2, await silo.Probe("a").Count());
    }
}
