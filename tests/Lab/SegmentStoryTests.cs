using System.Globalization;
using System.Net;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests;

/// <summary>The stories about layer 2 under stress, on network namespaces; what passes the wire is judged by tshark, not by us.</summary>
public sealed class SegmentStoryTests
{
    private const string Malformed = "_ws.malformed || _ws.expert.severity == error || icmpv6.checksum.status == 0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ipv6", 1, 1)]
    [InlineData("dual", 2, 2)]
    [InlineData("link-down", 2, 2)]
    [InlineData("flap", 2, 2)]
    [InlineData("freeze", 2, 2)]
    [InlineData("conflict", 1, 1)]
    public async Task Each_address_goes_to_one_heir_at_once_and_every_frame_is_sound(string scenario, int addresses, int takeovers)
    {
        await using var world = await LabWorld.Make(Stop);
        await using var wire = await WireCapture.Start(world.Network.NamespaceOf("client"), "eth0", Stop);

        await world.Play(scenario, Stop);

        Assert.Equal(addresses, world.Stage.Timelines.Count);
        Assert.Equal(takeovers, world.Stage.Failovers.Count);
        Assert.Single(world.Stage.Failovers.Select(failover => failover.NewAnnouncer).Distinct());
        Assert.Empty(await wire.Ask(Malformed, ["frame.number", "_ws.col.Info"], Stop));
        foreach (var failover in world.Stage.Failovers) await ExpectHeirOnTheWire(world, wire, failover);
    }

    [Theory]
    [InlineData("conflict")]
    [InlineData("conflict-policy")]
    [InlineData("drain")]
    public async Task The_stories_play_on_the_segment_in_memory_too(string scenario)
    {
        await using var network = new MemoryNetwork(LabPlan.Of(3), TimeProvider.System);
        await using var service = await LabService.Start(network, null, new IPEndPoint(IPAddress.Loopback, 0), LogSettings.Quiet, Stop);
        await using var stage = new LabStage(network, service, new Narrator(TextWriter.Null, bold: false), TimeProvider.System);

        await Scenario.All.Single(known => known.Name == scenario).Play(stage, Stop);

        Assert.NotEmpty(stage.Timelines);
    }

    [Fact]
    public async Task An_address_that_a_stranger_takes_is_moved_from_or_left_to_it_as_policy_says()
    {
        await using var world = await LabWorld.Make(Stop);
        await using var wire = await WireCapture.Start(world.Network.NamespaceOf("client"), "eth0", Stop);

        await world.Play("conflict-policy", Stop);

        var left = Assert.Single(world.Stage.Timelines);
        Assert.Contains(left.Holders, holder => holder.Machine == "stranger");
        Assert.Empty(await wire.Ask(Malformed, ["frame.number", "_ws.col.Info"], Stop));
    }

    [Fact]
    public async Task A_keepalived_that_takes_an_address_is_reported_and_answered_no_oftener_than_once_in_ten_seconds()
    {
        await using var world = await LabWorld.Make(Stop);
        await using var wire = await WireCapture.Start(world.Network.NamespaceOf("client"), "eth0", Stop);

        await world.Play("conflict-vrrp", Stop);

        var announcer = world.Network.Plan.MacOf(new(world.Stage.Served[0].Announcer)).ToString();
        var stranger = world.Network.Plan.Stranger.Mac;
        var claims = (await wire.Ask($"arp.isgratuitous == 1 && eth.src == {stranger}", ["frame.time_epoch"], Stop))
            .Select(frame => double.Parse(frame[0], CultureInfo.InvariantCulture)).ToList();
        Assert.NotEmpty(claims);
        var defences = (await wire.Ask($"arp.isgratuitous == 1 && arp.opcode == 1 && eth.src == {announcer}", ["frame.time_epoch"], Stop))
            .Select(frame => double.Parse(frame[0], CultureInfo.InvariantCulture)).Where(at => at > claims[0]).ToList();
        Assert.True(defences.Count > 0, $"no defence by {announcer} after "
            + $"{claims[0]:F6}:\n{string.Join('\n', (await wire.Ask("arp.isgratuitous == 1", ["frame.time_epoch", "eth.src", "arp.opcode", "arp.src.proto_ipv4"], Stop)).Select(frame => string.Join(' ', frame)))}\n{world.Told}");
        Assert.All(defences.Zip(defences.Skip(1)), pair => Assert.True(pair.Second - pair.First > 9, $"{pair.First} {pair.Second}"));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_yields_and_without_any_cluster_everybody_goes_on()
    {
        await using var world = await LabWorld.Make(Stop);

        await world.Play("partition", Stop);

        Assert.Equal(2, world.Stage.Failovers.Count);
        Assert.Contains("ok: every address is still answered for by its holder", world.Told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_hundred_addresses_of_a_dead_node_are_announced_by_others_each_by_one()
    {
        await using var world = await LabWorld.Make(Stop);
        await using var wire = await WireCapture.Start(world.Network.NamespaceOf("client"), "eth0", Stop);

        await world.Play("mass", Stop);

        var dead = world.Network.Plan.MacOf(new(world.Stage.Failovers[0].Killed)).ToString();
        var told = await wire.Ask($"arp.isgratuitous == 1 && eth.src != {dead}", ["arp.src.proto_ipv4", "eth.src"], Stop);
        var holders = told.GroupBy(frame => frame[0], frame => frame[1]).ToList();
        Assert.Equal(500, holders.Count);
        Assert.All(holders, holder => Assert.Single(holder.Distinct()));
    }

    /// <summary>By tshark's account: the heir announced the address, in every form of its family, and claimed it by its own hardware address.</summary>
    private static async Task ExpectHeirOnTheWire(LabWorld world, WireCapture wire, Failover failover)
    {
        var heir = world.Network.Plan.MacOf(new(failover.NewAnnouncer)).ToString();
        if (failover.Address.Contains(':'))
        {
            var told = await wire.Ask($"icmpv6.type == 136 && icmpv6.nd.na.target_address == {failover.Address} && eth.src == {heir} && ipv6.dst == ff02::1",
                ["icmpv6.opt.linkaddr", "ipv6.hlim", "icmpv6.nd.na.flag.o", "icmpv6.nd.na.flag.s"], Stop);
            Assert.NotEmpty(told);
            Assert.All(told, frame => Assert.Equal([heir, "255", "1", "0"],
                frame.Select(field => field.Replace("True", "1", StringComparison.Ordinal).Replace("False", "0", StringComparison.Ordinal))));
            return;
        }
        var forms =
            await wire.Ask($"arp.isgratuitous == 1 && arp.src.proto_ipv4 == {failover.Address} && eth.src == {heir}", ["arp.opcode", "arp.src.hw_mac"], Stop);
        var speakers = await wire.Ask($"arp.isgratuitous == 1 && arp.src.proto_ipv4 == {failover.Address}", ["eth.src"], Stop);
        var others = speakers.Select(frame => frame[0]).SkipWhile(mac => mac != heir).Where(mac => mac != heir && mac != world.Network.Plan.Stranger.Mac);
        Assert.Empty(others); // once the heir has spoken no other node does
        Assert.Equal(["1", "2"], forms.Select(frame => frame[0]).Distinct().Order());
        Assert.All(forms, frame => Assert.Equal(heir, frame[1]));
    }
}
