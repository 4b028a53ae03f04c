using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Tests.Configuration;

/// <summary>What the rival refuses and we use as far as it makes sense, saying so.</summary>
public sealed class BgpWarningTests
{
    private static readonly AddressPool Pool =
        new(Source("AddressPool", "front"), default, new("front"), [AddressRange.Parse("192.0.2.0/24")], Labels.None, PoolScope.Everyone);

    private static readonly BgpPeer Tor = new(Source("BGPPeer", "tor"), default, "tor", 64500, new RemoteAs.Number(64501), Address.Parse("10.0.0.1"), null, []);

    private static readonly BgpAdvertisement Plain =
        new(Source("BGPAdvertisement", "plain"), default, "plain", [new("front")], [], [], [], [], 32, 128, null, []);

    private static readonly BfdProfile Fast =
        new(Source("BFDProfile", "fast"), default, "fast", TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300), 3, null, false, null);

    public static IEnumerable<TheoryDataRow<Declaration[], string, string>> Faults =>
    [
        new([Plain with { Peers = ["tour"] }], "spec.peers", "Did you mean 'tor'?") { TestDisplayName = "a peer that is not there" },
        new([Plain, Plain with { Name = "other", Source = Source("BGPAdvertisement", "other"), LocalPref = 200 }], "spec.localPref",
            "200 was already set") { TestDisplayName = "two local preferences for the same routes" },
        new([Plain, Tor with { Name = "b", Source = Source("BGPPeer", "b"), Address = Address.Parse("10.0.0.2"), BfdProfile = "fast" }, Fast],
            "spec.bfdProfile", "is not yet honoured") { TestDisplayName = "BFD at all" },
    ];

    [Theory, MemberData(nameof(Faults))]
    public void What_does_nothing_or_contradicts_is_warned_of(Declaration[] declared, string field, string said)
    {
        var live = ConfigurationCompiler.Compile(new([Pool, Tor, .. declared], [], []), ClusterConfiguration.Empty);
        Assert.Contains(live.Problems,
            problem => problem.Severity == Severity.Warning && problem.Field == field && problem.Message.Contains(said, StringComparison.Ordinal));
        Assert.Equal(declared.Length + 2, live.Declarations.Count());
    }

    [Theory]
    [InlineData("rack", "a", true)]
    [InlineData("zone", "b", false)]
    public void Preferences_that_some_node_or_service_may_have_both_of_are_warned_of(string key, string value, bool excluded)
    {
        var other = Plain with { Name = "other", Source = Source("BGPAdvertisement", "other"), LocalPref = 200 };
        foreach (var (one, two) in new[]
        {
            (Plain with { LocalPref = 100, NodeSelectors = [Given.Selector("rack", "b")] }, other with { NodeSelectors = [Given.Selector(key, value)] }),
            (Plain with { LocalPref = 100, ServiceSelectors = [Given.Selector("rack", "b")] }, other with { ServiceSelectors = [Given.Selector(key, value)] }),
        })
        {
            var live = ConfigurationCompiler.Compile(new([Pool, Tor, one, two], [], []), ClusterConfiguration.Empty);
            Assert.Equal(2, live.BgpAdvertisements.Count);
            Assert.Equal(excluded ? [] : ["invalid local preference 100: 200 was already set by 'other' for the same prefixes and peers; from nodes and for "
                + "services that both select the higher one is sent."], live.Problems.Select(problem => problem.Message));
        }
    }

    [Fact]
    public void What_is_right_is_not_warned_of()
    {
        var aggregate = Plain with { Name = "wide", Source = Source("BGPAdvertisement", "wide"), AggregationLength = 24, LocalPref = 7,
            Communities = [new Community.Named("no-export")], Peers = ["tor"] };
        var elsewhere = Tor with { Name = "other", Source = Source("BGPPeer", "other"), Vrf = "red" };
        Assert.Empty(ConfigurationCompiler.Compile(new([Pool, Tor, elsewhere, Plain, aggregate], [], []), ClusterConfiguration.Empty).Problems);
    }

    [Theory]
    [InlineData("192.0.2.0/24", 24)]
    [InlineData("192.0.2.1-192.0.2.254", 26)]
    [InlineData("192.0.2.7", 32)]
    [InlineData("192.0.2.7-192.0.2.8", 32)]
    [InlineData("192.0.2.3-192.0.2.5", 31)]
    [InlineData("0.0.0.0-255.255.255.255", 0)]
    [InlineData("255.255.255.254-255.255.255.255", 31)]
    [InlineData("2001:db8::/64", 64)]
    public void The_widest_prefix_of_a_range_lies_in_it(string range, int length) => Assert.Equal(length, AddressRange.Parse(range).WidestPrefix());

    private static ObjectReference Source(string kind, string name) => new("orleanslb.io/v1alpha1", kind, "", name);
}
