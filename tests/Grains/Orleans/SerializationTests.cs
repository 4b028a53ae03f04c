using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Sync;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>What crosses from silo to silo arrives as it was sent.</summary>
public sealed class SerializationTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address Address = Address.Parse("2001:db8::ffff:1");
    private static readonly ServiceName Service = new("web", "nginx");
    private static readonly LabelSelector Selector = new([new LabelRequirement("rack", LabelOperator.NotIn, ["1", "2"])]);
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private static readonly AddressPool Pool = Given.Pool("front", "192.0.2.0/24", "2001:db8::/64") with
    {
        Created = Now, Labels = Labels.Of([KeyValuePair.Create("a", "b")]), Scope = new(3, ["web"], [Selector], [Selector], Enforced: true), AutoAssign = false,
        IsDefault = true, AvoidBuggyAddresses = true, Disabled = true,
        Conflicts = new(Probe: false, Move: true, TimeSpan.FromHours(1)), Order = AddressOrder.RoundRobin, Quota = new(3, [new("web", 1)]), Draining = true,
        Reallocates = true, Retention = TimeSpan.FromHours(2), SharedAcrossNamespaces = false,
    };

    private static readonly Layer2Advertisement Advertisement = Given.Advertisement("all", "front") with
    {
        Created = Now, PoolSelectors = [Selector], NodeSelectors = [Selector], PreferredNodes = [new(7, Selector)], ServiceSelectors = [Selector],
        Interfaces = [new InterfaceSelector.Named("eth0"), new InterfaceSelector.Pattern("eth.*"), new InterfaceSelector.CanReach(Address)],
    };

    private static readonly Problem Problem = new(new("v1", "Service", "web", "nginx", "uid", "file:3"), "spec", Severity.Error, "wrong.");

    private static readonly Assignment Assignment = new(Address, Service, 7, Advertisement.Interfaces);

    private static readonly ServiceState State = new(Service, [Address], true, new NodeName("node1"), Now, Reason.Announced, "why.");

    private static readonly PeerStatus Session = new(
        "tor", Address, PeerState.Established, Now, 64501, Address, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30), ["ipv4-unicast"], 3, "it broke", "4/0",
        "6/2",
        new(1, 2, 3, 4, 5), new(6, 7, 8, 9, 10), 11, 12, [new("NoNextHop", 2)], 64500, "3/11", "Mend it.");

    private static readonly NodeView Node = new(
        new("node1"), Given.Node("node1", ("rack", "1")) with { Addresses = [Address] }, Given.Links("192.0.2.0/24"), Alive: true, Draining: true, Now, 3);

    public static IEnumerable<TheoryDataRow<object>> Values =>
    [
        new(ClusterConfiguration.Empty with { Version = 4, Pools = [Pool], Layer2 = [Advertisement], Problems = [Problem],
            Quotas = [new(Problem.Object, Now, "tenants", 3, ["web"], [Selector])] }),
        new(new DeclaredConfiguration([Pool, Advertisement], [Problem], [Problem.Object], [Advertisement])),
        new(Given.Service("web/nginx") with { Labels = Pool.Labels, Held = [Address], Endpoints = [new(new("node1"), 2)], Pool = Pool.Name, SharingKey = "k",
            Problems = [Problem] }),
        new(new ClusterView(9, [Node])),
        new(new FollowGrant(new("a silo", 3), TimeSpan.FromSeconds(15), new([State]))),
        new(new FollowGrant(new("a silo", 3), TimeSpan.FromSeconds(15), null)),
        new(new ServiceNews(new("a silo", 3), 5, [State], [Service])),
        new(new AddressState(Address, [Service], new NodeName("node1"), new("web", null, Now))),
        new(new ReservationRequest(new("web", "nginx", Now), Address, Pool.Name, IpFamily.IPv6)),
        new(new ReservationOutcome(true, Address, Reason.AddressReserved, "done.")),
        new(new NodeReport(new("node1"), true, false, Now, Node.Links, [Service], [Service], Forgot: true)),
        new(new Candidacy([Address], [Advertisement], TrafficPolicy.Local, [new(new("node1"), 2)], 1, new NodeName("node2"), "k")),
        new(new ElectionResult(Candidate, Reason.Announced, "why.", [Candidate], [new("node node2", Reason.NodeDead, "dead.")])),
        new(new PlanChange(new("node1"), 4, 5, [Assignment], [Address], "trace")),
        new(new SpeakerFact.Announced(Address, 7, ["eth0"], Now)),
        new(new SpeakerFact.LinksChanged(Node.Links)),
        new(new NodeBgpStatus(new("node1"), true, true, [Session],
            [new("tor", [new("192.0.2.1/32", "192.0.2.9", "64500", 1, 2, ["no-export"])], [new("192.0.2.2/32", "NoNextHop")])],
            [new(Service, Reason.NoEndpoint)])),
        new(new SpeakerFact.AddressTaken(Address, 7, new(0x020000000001), "eth0", Now)),
        new(new AddressConflict(Address, new(0x020000000001), new("node1"), "eth0", InUse: true)),
        new(new SpeakerFact.VirtualMacRefused(Address, "eth0", "it is a macvlan interface.")),
        new(new AddressCount(Address, 7, Now, "Announced", 1, 2, "remark")),
        new(new AnnouncementStyle(AddressBearer.Loopback, Spread: false, ConflictPolicy.Yield, VirtualMac: true)),
        new(new SpeakerFact.ConflictSeen(Address, new(0x020000000001), "eth0", Now)),
        new(new AllocationRequest(Service, "uid", [IpFamily.IPv6], [Address], [Address], new("k", "app=nginx", [new(Transport.Sctp, 80)]), [Address],
            new("tenants", 3, new(2, [Address])))),
        new(new NamespaceUse(2, [Address])),
        new(new AllocationOutcome.Granted([Address], Reason.AddressAdopted)),
        new(new AllocationOutcome.Refused(Reason.PoolExhausted, "full.")),
        new(new PoolStatus(Pool.Name, true, false, Pool.Ranges, [new(IpFamily.IPv6, UInt128.MaxValue, 1, 2, UInt128.One << 64)])),
        new(new AddressClaim(Address, Pool.Name, [new(Service, "uid")], "k", new("web", null), "12", Released: Now)),
        new(new ServiceExplanation(Summary, [new("pool a", Reason.PoolDisabled, "off.")], [], [new("node1")], [new(Now, Reason.Announced, "so.")])),
        new(new SyncStatus(true, true, 3, 1, "fault", Now)),
        new(new NodeStatus(new("node1"), "s", true, false, Now, 3, 2, [Assignment], Node.Links, [], [])),
    ];

    private static Candidate Candidate => new(new("node1"), 5, Doubtful: true, ulong.MaxValue, 3, Now, Advertisement.Interfaces);

    private static ServiceSummary Summary =>
        new(Service, "uid", [Address], [Pool.Name], Reason.AddressAssigned, "given.", new NodeName("node1"), [Assignment], Now, Reason.Announced, "first.");

    [Theory, MemberData(nameof(Values))]
    public void A_value_survives_the_wire(object value)
    {
        var serializer = Services.GetRequiredService<Serializer>();
        var back = serializer.Deserialize<object>(serializer.SerializeToArray(value));
        Assert.Equal(value, back);
    }
}
