using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

public sealed class CycleTests
{
    private static readonly Path ToItself = Path.Through("a");

    [Fact]
    public async Task A_grain_that_waits_for_itself_is_told_at_once()
    {
        await using var silo = await Open("a");
        var thrown = await Assert.ThrowsAsync<CallCycleException>(() => silo.Probe("a").Relay(ToItself));
        Assert.Equal("probe/a.Relay -> probe/a.Relay", thrown.Chain);
    }

    [Fact]
    public async Task A_ring_of_calls_fails_at_once_and_names_the_chain()
    {
        await using var silo = await Open("a", "b", "c", "d");
        var thrown = await Assert.ThrowsAsync<CallCycleException>(() => silo.Probe("d").Relay(Path.Through("a", "b", "c", "a")));
        Assert.Equal("probe/a.Relay -> probe/b.Relay -> probe/c.Relay -> probe/a.Relay", thrown.Chain);
        Assert.Contains(thrown.Chain, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, await silo.Probe("a").Count());
    }

    [Fact]
    public async Task Two_callers_that_wait_for_each_other_are_found()
    {
        await using var silo = await Silo.Start();
        var toB = silo.Probe("a").Relay(Path.Through("b"));
        var toA = silo.Probe("b").Relay(Path.Through("a"));
        await Task.WhenAll(silo.Script.Heard("a relays 1"), silo.Script.Heard("b relays 1"));
        silo.Script.Open("a relays");
        silo.Script.Open("b relays");
        var both = Task.WhenAll(toA, toB);
        var thrown = await Assert.ThrowsAsync<CallCycleException>(() => both);
        Assert.Contains("which waits behind", thrown.Chain, StringComparison.Ordinal);
        Assert.Contains("probe/a.Relay", thrown.Chain, StringComparison.Ordinal);
        Assert.Contains("probe/b.Relay", thrown.Chain, StringComparison.Ordinal);
        Assert.Single([toA.IsFaulted, toB.IsFaulted], failed => failed); // One has to give way; then the other can go on.
    }

    [Fact]
    public async Task A_ring_through_an_activation_is_found()
    {
        await using var silo = await Open("a");
        var thrown = await Assert.ThrowsAsync<CallCycleException>(() => silo.Probe("a").Relay(Path.Through("calls a")));
        Assert.Contains("probe/calls a.OnActivateAsync -> probe/a.Count", thrown.Chain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_nobody_waits_for_goes_round()
    {
        await using var silo = await Silo.Start();
        await silo.Probe("a").RelayOneWay(Path.Through("b", "a", "b"));
        await silo.Script.Heard("b relays one way 0");
        Assert.Equal(["a relays one way 3", "b relays one way 2", "a relays one way 1", "b relays one way 0"],
            silo.Script.Told.Where(told => told.Contains("one way", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Work_that_was_cut_loose_is_no_part_of_the_call_that_started_it()
    {
        await using var silo = await Open("b", "a");
        var call = silo.Probe("a").CutLoose(Path.Through("b", "a"), "holding");
        await silo.Script.Heard("b relays 1");
        silo.Script.Open("holding");
        await call;
        await silo.Script.Heard("a relays 0");
    }

    [Fact]
    public async Task Waiting_in_a_row_is_no_ring()
    {
        await using var silo = await Silo.Start();
        silo.Script.Open("a relays");
        silo.Script.Open("b relays");
        silo.Script.Open("c relays");
        var holding = silo.Probe("c").Pass("c");
        await silo.Script.Heard("c in");
        var calls = new[] { silo.Probe("a").Relay(Path.Through("b", "c")), silo.Probe("b").Relay(Path.Through("c")), silo.Probe("a").Relay(Path.Through("c")) };
        silo.Script.Open("c");
        await Task.WhenAll([holding, .. calls]);
        Assert.All(calls, call => Assert.True(call.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Two_paths_to_one_grain_are_no_ring()
    {
        await using var silo = await Open("a", "b", "c");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => silo.Probe($"top {i}").Relay(i % 2 == 0 ? Path.Through("a", "c") : Path.Through("b", "c"))));
        Assert.Equal(1, await silo.Probe("c").Count());
    }

    private static async Task<Silo> Open(params string[] keys)
    {
        var silo = await Silo.Start();
        foreach (var key in keys) silo.Script.Open($"{key} relays");
        for (var i = 0; i < 500; i++) silo.Script.Open($"top {i} relays");
        return silo;
    }
}
