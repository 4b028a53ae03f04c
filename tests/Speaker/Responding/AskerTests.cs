using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests.Responding;

/// <summary>What responders keep of those who ask: how much each is answered, who asked lately, and whose askers they are.</summary>
public class AskerTests
{
    private static readonly Address Vip = Address.Parse("192.0.2.10");
    private static readonly Ipv4 Target = Ipv4.Parse("192.0.2.10");

    private static EquatableList<NodeName> Nodes(int count) => Enumerable.Range(1, count).Select(index => new NodeName($"node{index}")).ToEquatableList();

    private static List<NodeName> Answering(MacAddress asker, EquatableList<NodeName> nodes) =>
        [.. nodes.Where(node => new AskerShare(Vip, node, nodes).Has(asker))];

    [Fact]
    public void Each_asker_is_exactly_one_nodes() => Prop.ForAll(Gen.Choose(1, 8).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (count, asker) =>
        Answering(new((ulong)asker), Nodes(count)).Count == 1).QuickCheckThrowOnFailure();

    [Fact]
    public void The_death_of_a_node_moves_its_own_askers_and_no_others()
    {
        var (before, after) = (Nodes(4), Nodes(3));
        for (var asker = 0; asker < 500; asker++)
        {
            var (had, has) = (Answering(Wire.Mac(asker), before)[0], Answering(Wire.Mac(asker), after)[0]);
            Assert.True(had == has || had == before[3], $"asker {asker} moved from {had} to {has}");
        }
    }

    [Fact]
    public void Askers_are_shared_out_evenly()
    {
        var nodes = Nodes(4);
        var counts = Enumerable.Range(0, 2000).GroupBy(asker => Answering(Wire.Mac(asker), nodes)[0]).Select(share => share.Count()).ToList();
        Assert.Equal(4, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 400, 600));
    }

    [Fact]
    public void A_station_gets_its_burst_and_then_its_rate_and_costs_others_nothing()
    {
        var time = new ManualTime();
        var limits = new AskerLimits(new() { PerSecond = 10, Burst = 20, TotalPerSecond = 1000 }, time);
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => limits.Admit(Wire.Mac(1))));
        Assert.True(limits.Admit(Wire.Mac(2)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => limits.Admit(Wire.Mac(1))));
    }

    [Fact]
    public void A_flood_from_made_up_stations_is_bounded_in_all()
    {
        var limits = new AskerLimits(new() { TotalPerSecond = 100 }, new ManualTime());
        Assert.Equal(100, Enumerable.Range(0, 10_000).Count(asker => limits.Admit(Wire.Mac(asker))));
    }

    /// <summary>More stations than there are places, so that each place is asked for.</summary>
    [Fact]
    public void A_station_that_asked_before_has_its_answers_beside_any_flood_from_made_up_ones()
    {
        var time = new ManualTime();
        var limits = new AskerLimits(new() { TotalPerSecond = 100 }, time);
        Assert.True(limits.Admit(Wire.Mac(1)));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(limits.Admit(Wire.Mac(1)));
        for (var second = 0; second < 60; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(Enumerable.Range(2, 5000).Count(asker => limits.Admit(Wire.Mac(asker + (second * 5000)))), 1, 101);
            Assert.True(limits.Admit(Wire.Mac(1)), $"second {second}");
        }
    }

    [Fact]
    public void A_known_station_that_is_silent_for_long_gives_its_place_up()
    {
        var time = new ManualTime();
        var limits = new AskerLimits(new() { PerSecond = 1, Burst = 1 }, time);
        limits.Admit(new(1));
        time.Advance(TimeSpan.FromSeconds(2));
        limits.Admit(new(1));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(limits.Admit(new(1024))); // the same place
        Assert.False(limits.Admit(new(1024))); // and a bucket of its own there
    }

    [Fact]
    public void Limits_and_log_allocate_nothing_per_frame()
    {
        var time = new ManualTime();
        var (limits, log) = (new AskerLimits(new(), time), new NeighbourLog<Ipv4>());
        limits.Admit(Wire.Mac(0));
        log.Note(Target, new(0), Wire.Mac(0), 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var asker = 0; asker < 1000; asker++)
        {
            limits.Admit(Wire.Mac(asker));
            log.Note(Target, new((uint)asker), Wire.Mac(asker), asker);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Who_asked_lately_for_an_address_is_known_the_latest_first()
    {
        var log = new NeighbourLog<Ipv4>();
        log.Note(Target, new(1), Wire.Mac(1), 10);
        log.Note(Target, new(2), Wire.Mac(2), 20);
        log.Note(new(99), new(3), Wire.Mac(3), 30);
        log.Note(Target, new(1), Wire.Mac(4), 40); // has another card now
        Assert.Equal([(new Ipv4(1), Wire.Mac(4)), (new Ipv4(2), Wire.Mac(2))], log.AskersOf(Target, 0, 9));
        Assert.Equal([(new Ipv4(1), Wire.Mac(4))], log.AskersOf(Target, 21, 9));
        Assert.Equal([(new Ipv4(1), Wire.Mac(4))], log.AskersOf(Target, 0, 1));
    }

    [Fact]
    public void What_was_asked_for_since_a_moment_is_known()
    {
        var log = new NeighbourLog<Ipv4>();
        log.Note(Target, new(1), Wire.Mac(1), 10);
        log.Note(new(99), new(3), Wire.Mac(3), 30);
        log.Note(new(99), new(4), Wire.Mac(4), 31);
        Assert.Equal([new Ipv4(99)], log.AskedSince(11));
        Assert.Equal([new Ipv4(99), Target], log.AskedSince(10).OrderByDescending(address => address == new Ipv4(99)));
        Assert.Empty(log.AskedSince(32));
    }
}
