using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Status;

namespace OrleansLb.Grains.Tests;

/// <summary>What operators are told of each address is put together from what its service and its holder know.</summary>
public sealed class AddressStatusTests
{
    private static readonly Address First = Address.Parse("192.0.2.1");
    private static readonly Address Second = Address.Parse("192.0.2.2");
    private static readonly NodeName Holder = new("node1");
    private static readonly DateTimeOffset Announced = DateTimeOffset.UnixEpoch.AddDays(1);

    [Fact]
    public void An_address_is_told_with_its_holder_and_what_that_has_counted()
    {
        var status = Assert.Single(AddressStatus.Of([Service("web", Holder, First)], [Node(new AddressCount(First, 7, Announced, "Announced", 12, 3))]));

        Assert.Equal(new(First, [new("default", "web")], Holder, 7, Announced, "Announced", Reason.Announced, "it ranks first.", 12, 3), status);
    }

    [Fact]
    public void What_keeps_it_from_being_announced_as_it_should_be_is_told_too()
    {
        var status = Assert.Single(AddressStatus.Of([Service("web", Holder, First)],
            [Node(new AddressCount(First, 7, Announced, "Announced", 0, 0, "eth0 takes no other hardware address."))]));

        Assert.Equal("it ranks first. eth0 takes no other hardware address.", status.Message);
    }

    [Fact]
    public void What_was_counted_before_the_last_hand_over_is_of_no_account()
    {
        var status =
            Assert.Single(AddressStatus.Of([Service("web", Holder, First)], [Node(new AddressCount(First, 6, Announced.AddDays(-1), "Announced", 12, 3))]));

        Assert.Equal((7L, Announced, 0L, 0L, null), (status.Epoch, status.Since, status.Answered, status.Claimed, status.Standing));
    }

    [Fact]
    public void Addresses_are_sorted_and_a_shared_one_is_told_once_with_all_its_services()
    {
        var statuses = AddressStatus.Of([Service("web", Holder, Second), Service("mail", Holder, Second), Service("other", null, First)], []);

        Assert.Equal([First, Second], statuses.Select(status => status.Address));
        Assert.Equal(["default/mail", "default/web"], statuses[1].Services.Select(service => service.ToString()));
        Assert.Equal((null, null, 0L), (statuses[0].Holder, statuses[0].Since, statuses[0].Epoch));
    }

    [Fact]
    public void An_address_that_the_announcer_has_no_interface_for_has_no_holder()
    {
        var statuses = AddressStatus.Of([Service("web", Holder, First) with { Addresses = [First, Second] }], []);

        Assert.Equal([(Holder, Announced), (null, null)], statuses.Select(status => (status.Holder, status.Since)));
    }

    private static ServiceSummary Service(string name, NodeName? announcer, Address address) => new(
        new("default", name), name, [address], [new("pool")], Reason.AddressAssigned, "", announcer,
        announcer is null ? [] : [new Assignment(address, new("default", name), 7, [])], announcer is null ? null : Announced,
        announcer is null ? Reason.NoNode : Reason.Announced, announcer is null ? "there is none." : "it ranks first.");

    private static NodeStatus Node(params AddressCount[] counts) =>
        new(Holder, "session", true, false, Announced, 1, 1, [], NodeLinks.None, [], []) { Counts = [.. counts] };
}
