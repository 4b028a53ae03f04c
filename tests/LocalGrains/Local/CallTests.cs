using Orleans;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>What a cluster promises less of, or by a clock of its own.</summary>
public sealed class LocalCallTests
{
    [Fact]
    public async Task Calls_of_one_caller_run_in_the_order_they_were_made()
    {
        await using var silo = await Silo.Start();
        var counts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => silo.Probe("a").Count()));
        Assert.Equal(Enumerable.Range(1, 1000), counts);
    }

    [Fact]
    public async Task A_call_that_is_not_answered_in_time_times_out_and_says_which()
    {
        await using var silo = await Silo.Start();
        var call = silo.Probe("a").Pass("never");
        await silo.Script.Heard("never in");
        silo.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        silo.Clock.Advance(TimeSpan.FromSeconds(1));
        var timedOut = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains("probe/a.Pass", timedOut.Message, StringComparison.Ordinal);
    }

    /// <summary>On Orleans the word that it is cancelled may come after it has started.</summary>
    [Fact]
    public async Task A_call_cancelled_before_it_started_never_runs()
    {
        await using var silo = await Silo.Start();
        using var cancelling = new CancellationTokenSource();
        var first = silo.Probe("a").Pass("first");
        await silo.Script.Heard("first in");
        var second = silo.Probe("a").Wait("second", cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        silo.Script.Open("first");
        await first;
        await silo.Probe("a").Count();
        Assert.DoesNotContain("second in", silo.Script.Told);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo.Probe("a").Wait("third", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_method_may_set_its_own_time_limit()
    {
        await using var silo = await Silo.Start();
        var call = silo.Probe("a").Slow("never");
        await silo.Script.Heard("never in");
        silo.Clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task An_answered_call_leaves_no_timer_behind()
    {
        await using var silo = await Silo.Start();
        await silo.Probe("a").Count();
        var before = silo.Clock.ActiveTimers;
        for (var i = 0; i < 100; i++) await silo.Probe("a").Count();
        Assert.Equal(before, silo.Clock.ActiveTimers);
    }

    [Fact]
    public async Task A_crowd_at_one_grain_takes_time_in_proportion_to_its_size()
    {
        await using var silo = await Silo.Start();
        var gate = silo.Probe("a").Pass("gate");
        var crowd = Enumerable.Range(0, 50_000).Select(_ => silo.Probe("a").Count()).ToList();
        silo.Script.Open("gate");
        await gate;
        await Task.WhenAll(crowd).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(50_000, await crowd[^1]);
    }
}
