namespace OrleansLb.Lab.Tests;

/// <summary>The lab's stories on network namespaces, with what passes the wire judged by tshark.</summary>
public sealed class StoryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_story_comes_out_and_no_frame_is_malformed()
    {
        await using var world = await LabWorld.Make(Stop);
        await using var wire = await WireCapture.Start(world.Network.NamespaceOf("client"), "eth0", Stop);

        await world.Play("story", Stop);

        Assert.Equal(["default/layer2-svc", "default/nginx", "default/shop", "default/web"], world.Stage.Served.Select(served => served.Service));
        Assert.Equal(["192.168.0.91", "10.77.1.220", "192.168.0.128", "192.168.0.160"], world.Stage.Served.Select(served => Assert.Single(served.Addresses)));
        Assert.NotEmpty(world.Stage.Failovers);
        Assert.Empty(await wire.Ask("_ws.malformed || _ws.expert.severity == error", ["frame.number", "_ws.col.Info"], Stop));
        var plan = world.Network.Plan;
        string[] neighbours = [plan.Client.Mac, .. plan.Nodes.Select(node => node.Mac)];
        foreach (var failover in world.Stage.Failovers)
        {
            var told = await wire.Ask($"arp.isgratuitous == 1 && arp.src.proto_ipv4 == {failover.Address}",
                ["arp.opcode", "eth.src", "arp.src.hw_mac", "eth.dst"], Stop);
            Assert.Contains("1", told.Select(frame => frame[0]));
            Assert.Contains("2", told.Select(frame => frame[0]));
            Assert.All(told, frame => Assert.Equal(frame[1], frame[2]));
            // To all; besides, one by one to neighbours that asked for the address lately.
            Assert.Contains("ff:ff:ff:ff:ff:ff", told.Select(frame => frame[3]));
            Assert.All(told.Where(frame => frame[3] != "ff:ff:ff:ff:ff:ff"), frame => Assert.Contains(frame[3], neighbours));
            Assert.Contains(plan.MacOf(new(failover.NewAnnouncer)).ToString(), told.Select(frame => frame[1]));
        }
    }

    [Theory]
    [InlineData("restart")]
    [InlineData("can-reach")]
    [InlineData("failover")]
    public async Task The_story_comes_out(string scenario)
    {
        await using var world = await LabWorld.Make(Stop);

        await world.Play(scenario, Stop);

        Assert.NotEmpty(world.Stage.Served);
        Assert.Contains("ok: ", world.Told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arping_from_the_client_gets_exactly_one_answer_a_question_and_always_from_the_announcer()
    {
        await using var world = await LabWorld.Make(Stop);
        await world.Play("orleanslb", Stop);
        var served = Assert.Single(world.Stage.Served);

        var arping = (await world.OnClient(Stop, "arping", "-c", "5", "-W", "1", served.Addresses[0])).Succeeded();

        var mac = world.Network.Plan.MacOf(new(served.Announcer)).ToString();
        Assert.Equal(5, arping.Lines.Count(line => line.Contains($"from {mac}", StringComparison.Ordinal)));
        Assert.Contains("5 packets transmitted, 5 packets received", arping.Output, StringComparison.Ordinal);
        Assert.Contains("0 extra", arping.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_service_falls_silent_and_gives_its_address_back()
    {
        await using var world = await LabWorld.Make(Stop);
        await world.Play("orleanslb", Stop);
        var address = Assert.Single(world.Stage.Served).Addresses[0];

        (await world.Kubectl("delete service web --wait=true --timeout=60s", Stop)).Succeeded();
        var arping = await world.OnClient(Stop, "arping", "-c", "2", "-W", "0.1", address);
        var claims = (await world.Kubectl("get addressclaims -o name", Stop)).Succeeded();

        Assert.Contains("0 packets received", arping.Output, StringComparison.Ordinal);
        Assert.Empty(claims.Output);
    }
}
