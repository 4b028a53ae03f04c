using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Vrrp;

namespace OrleansLb.Lab.Tests;

/// <summary>Hosts that are none of ours and the tools of operators, on an address that we announce.</summary>
public sealed class ForeignClaimantTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_keepalived_that_takes_an_address_is_named_in_an_event_of_the_service()
    {
        await using var world = await LabWorld.Make(Stop);
        await world.Play("failover", Stop); // who claims an address that is only just announced may have had it before; one that has changed hands is ours
        var served = Assert.Single(world.Stage.Served);
        var since = TimeProvider.System.GetTimestamp();
        using var folder = new TemporaryFolder();

        await using var keepalived =
            new Keepalived(RouterProgram.Find("keepalived", "/usr/sbin/keepalived"), await world.Network.AddStranger(Stop), folder.Path,
            new(LabPlan.Interface, served.Addresses[0] + "/32", TimeSpan.FromSeconds(1), Owner: true));
        await keepalived.Entered("MASTER", Stop);

        await world.Stage.ExpectConflict(new("default", "web"), world.Network.Plan.Stranger.Mac, since, Stop);
        var events = (await world.Kubectl("get events --field-selector reason=AddressConflict -o jsonpath={.items[*].involvedObject.name}", Stop)).Succeeded();
        Assert.All(events.Output.Split(' '), about => Assert.Equal("web", about));
    }

    [Fact]
    public async Task Arping_finds_no_duplicate_of_an_address_that_only_we_announce_and_finds_a_strangers()
    {
        await using var world = await LabWorld.Make(Stop);
        await world.Play("failover", Stop);
        var address = Assert.Single(world.Stage.Served).Addresses[0];

        (await world.OnClient(Stop, "arping", "-d", "-c", "3", "-W", "1", "-i", "eth0", address)).Succeeded();
        await using var stranger = await world.Network.Intrude(Core.Addressing.Address.Parse(address), Stop);
        var duplicates = await world.OnClient(Stop, "arping", "-d", "-c", "3", "-W", "1", "-i", "eth0", address);

        Assert.Equal(1, duplicates.Code);
    }

    [Fact]
    public async Task Whatever_ndisc6_hears_at_the_client_is_the_announcers()
    {
        await using var world = await LabWorld.Make(Stop);
        await world.Play("ipv6", Stop);
        var failover = Assert.Single(world.Stage.Failovers);

        var found = (await world.OnClient(Stop, "ndisc6", "-m", "-q", "-r", "1", "-w", "2000", failover.Address, "eth0")).Succeeded();

        var heir = world.Network.Plan.MacOf(new(failover.NewAnnouncer)).ToString();
        Assert.NotEmpty(found.Lines);
        Assert.All(found.Lines, line => Assert.Equal(heir, line.Trim(), ignoreCase: true));
    }
}
