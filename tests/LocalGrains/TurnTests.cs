using Orleans;
using Orleans.Concurrency;

namespace OrleansLb.LocalGrains.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task Calls_do_not_interleave_across_an_await()
    {
        await using var silo = await Silo.Start();
        var first = silo.Probe("a").Pass("first");
        await silo.Script.Heard("first in"); // A cluster may bring calls that nobody awaits in another order.
        var second = silo.Probe("a").Pass("second");
        silo.Script.Open("second");
        silo.Script.Open("first");
        await Task.WhenAll(first, second);
        Assert.Equal(["a activated", "first in", "first out", "second in", "second out"], silo.Script.Told);
    }

    [Fact]
    public async Task A_call_marked_to_interleave_passes_those_that_wait()
    {
        await using var silo = await Silo.Start();
        var first = silo.Probe("a").Pass("first");
        await silo.Script.Heard("first in");
        var second = silo.Probe("a").Pass("second");
        await silo.Probe("a").Interrupt("between");
        silo.Script.Open("second");
        silo.Script.Open("first");
        await Task.WhenAll(first, second);
        Assert.Equal(["a activated", "first in", "between", "first out", "second in", "second out"], silo.Script.Told);
    }

    [Fact]
    public async Task Calls_that_only_read_interleave_and_others_wait_for_them()
    {
        await using var silo = await Silo.Start();
        var look = silo.Probe("a").Look("look");
        await silo.Script.Heard("look in");
        var write = silo.Probe("a").Pass("write");
        var glance = silo.Probe("a").Look("glance");
        await silo.Script.Heard("glance in");
        Assert.DoesNotContain("write in", silo.Script.Told);
        silo.Script.Open("look");
        silo.Script.Open("glance"); // Whether a later reader holds up the other call differs between releases of Orleans.
        await silo.Script.Heard("write in");
        silo.Script.Open("write");
        await Task.WhenAll(look, write, glance);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_interleave()
    {
        await using var silo = await Silo.Start();
        var grain = silo.Grains.GetGrain<IReentrant>("a");
        var first = grain.Pass("first");
        var second = grain.Pass("second");
        await Task.WhenAll(silo.Script.Heard("first in"), silo.Script.Heard("second in"));
        silo.Script.Open("second");
        await second;
        Assert.False(first.IsCompleted);
        silo.Script.Open("first");
        await first;
    }

    [Fact]
    public async Task A_reentrant_grain_may_be_called_back()
    {
        await using var silo = await Silo.Start();
        Assert.Equal(3, await silo.Grains.GetGrain<IReentrant>("a").Descend(3));
    }

    [Fact]
    public async Task Turns_of_interleaving_calls_never_run_at_once()
    {
        await using var silo = await Silo.Start();
        var grain = silo.Grains.GetGrain<IReentrant>("a");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => grain.Add(50)));
        Assert.Equal(200 * 50, await grain.Sum());
    }

    [Fact]
    public async Task Many_callers_of_many_grains_are_all_answered_one_turn_at_a_time()
    {
        await using var silo = await Silo.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => silo.Probe($"{i % 100}").Turns(3)));
        Assert.All(answers, most => Assert.Equal("1", most));
    }

    internal interface IReentrant : IGrainWithStringKey
    {
        Task Pass(string gate);
        Task<int> Descend(int depth);
        Task Add(int times);
        Task<int> Sum();
    }

    [Reentrant]
    internal sealed class ReentrantGrain(Script script) : Grain, IReentrant
    {
        private int _sum;

        public async Task Pass(string gate)
        {
            script.Tell($"{gate} in");
            await script.Gate(gate);
        }

        public async Task<int> Descend(int depth) => depth == 0 ? 0 : 1 + await this.AsReference<IReentrant>().Descend(depth - 1);

        public async Task Add(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _sum++; // Read and written on many threads, but never on two at once.
                await Task.Yield();
            }
        }

        public Task<int> Sum() => Task.FromResult(_sum);
    }
}
