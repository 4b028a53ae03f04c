using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Tests.Configuration;

public sealed class ConfigurationCompilerTests
{
    private static readonly DateTimeOffset Early = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_right_becomes_live_and_the_version_rises()
    {
        var live = Compile([Given.Pool("front", "192.0.2.0/24"), Given.Advertisement()]);
        Assert.Equal(1, live.Version);
        Assert.Equal(["front"], live.Pools.Select(pool => pool.Name.Value));
        Assert.Empty(live.Problems);
    }

    [Fact]
    public void The_same_again_changes_nothing()
    {
        Declaration[] declared = [Given.Pool("front", "192.0.2.0/24"), Given.Advertisement()];
        var live = Compile(declared);
        Assert.Same(live, Compile([.. declared.Reverse()], live));
    }

    public static IEnumerable<TheoryDataRow<Declaration[], string>> Errors =>
    [
        new([Given.Pool("front", "192.0.2.0/24"), Given.Pool("rear", "192.0.2.128-192.0.2.200")],
            "AddressPool rear: spec.addresses[0]: 192.0.2.128-192.0.2.200 overlaps with 192.0.2.0-192.0.2.255 of pool 'front' (AddressPool front); an "
                + "address belongs to one pool.") { TestDisplayName = "pools that overlap" },
        new([Given.Pool("front", "192.0.2.0/24", "192.0.2.7")],
            "AddressPool front: spec.addresses[1]: 192.0.2.7 overlaps with 192.0.2.0-192.0.2.255 of the same pool; write each address once.") { TestDisplayName = "ranges of one pool that overlap" },
        new([Given.Pool("front", "::/0"), Given.Pool("rear", "2001:db8::/64")],
            "AddressPool rear: spec.addresses[0]: 2001:db8::-2001:db8::ffff:ffff:ffff:ffff overlaps with ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff of pool "
                + "'front' (AddressPool front); an address belongs to one pool.") { TestDisplayName = "all of IPv6" },
        new([Given.Pool("front")],
            "AddressPool front: spec.addresses[0]: pool 'front' has no addresses; write them as 192.0.2.10-192.0.2.20 or 192.0.2.0/24.") { TestDisplayName = "a pool without addresses" },
        new([Given.Pool("front", "192.0.2.0/24"), Given.Pool("front", "198.51.100.0/24") with { Source = Given.Source("Eip", "front") }],
            "Eip front: metadata.name: 'front' is declared already by AddressPool front; give one of them another name.") { TestDisplayName = "one name in two dialects" },
    ];

    [Theory, MemberData(nameof(Errors))]
    public void An_error_names_object_field_and_cure(Declaration[] declared, string expected)
    {
        var live = Compile([.. declared, Given.Advertisement()]);
        Assert.Equal([expected], live.Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => problem.ToString()));
        Assert.Equal(declared.OfType<AddressPool>().Count() - 1, live.Pools.Count);
    }

    [Fact]
    public void A_pool_with_addresses_that_no_host_can_have_is_warned_of()
    {
        var live = Compile([Given.Pool("front", "::/0", "192.0.2.0/24"), Given.Advertisement()]);
        Assert.Equal("AddressPool front: pool 'front' has addresses that no host can have, of ::, ::1, ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff: none "
            + "of them is given unasked.", Assert.Single(live.Problems).ToString());
    }

    [Fact]
    public void Ten_errors_are_ten_problems()
    {
        var live = Compile([.. Enumerable.Range(0, 10).Select(i => Given.Pool($"pool{i}")), Given.Pool("right", "192.0.2.1"), Given.Advertisement()]);
        Assert.Equal(10, live.Problems.Count);
        Assert.Equal("right", Assert.Single(live.Pools).Name.Value);
    }

    [Fact]
    public void At_a_start_a_wrong_object_is_live_as_it_was_accepted_last()
    {
        var accepted = Given.Pool("front", "192.0.2.0/24");
        var live = Compile([Given.Pool("front"), Given.Advertisement()], accepted: [accepted]);
        Assert.Equal([accepted], live.Pools);
        Assert.Single(live.Problems, problem => problem.Severity == Severity.Error);
    }

    [Fact]
    public void At_a_start_an_object_that_cannot_be_read_is_live_as_it_was_accepted_last()
    {
        var accepted = Given.Pool("front", "192.0.2.0/24");
        var declared = new DeclaredConfiguration([Given.Advertisement()], [], [accepted.Source], [accepted, Given.Pool("gone", "198.51.100.0/24")]);
        Assert.Equal([accepted], ConfigurationCompiler.Compile(declared, ClusterConfiguration.Empty).Pools); // and not what nobody declares any more
    }

    [Fact]
    public void At_a_start_what_was_accepted_stands_before_an_older_object_that_was_edited_meanwhile()
    {
        var older = Given.Pool("older", "198.51.100.0/24") with { Created = Early };
        var younger = Given.Pool("younger", "192.0.2.0/24") with { Created = Early.AddDays(1) };
        var live = Compile([older with { Ranges = younger.Ranges }, younger, Given.Advertisement()], accepted: [older, younger]);
        Assert.Equal([older, younger], live.Pools);
        Assert.Equal("older", Assert.Single(live.Problems).Object.Name);
    }

    [Fact]
    public void What_is_live_goes_before_what_the_record_knows_of_it()
    {
        var before = Compile([Given.Pool("front", "192.0.2.0/24"), Given.Advertisement()]);
        var live = Compile([Given.Pool("front"), Given.Advertisement()], before, [Given.Pool("front", "198.51.100.0/24")]);
        Assert.Equal(before.Pools, live.Pools);
    }

    [Fact]
    public void A_wrong_object_leaves_its_right_predecessor_live()
    {
        var live = Compile([Given.Pool("front", "192.0.2.0/24"), Given.Advertisement()]);
        var next = Compile([Given.Pool("front", "192.0.2.0/24", "192.0.2.9"), Given.Advertisement()], live);
        Assert.Equal(live.Pools, next.Pools);
        Assert.Single(next.Problems);
    }

    [Fact]
    public void An_unreadable_object_leaves_its_predecessor_live()
    {
        var pool = Given.Pool("front", "192.0.2.0/24");
        var live = Compile([pool, Given.Advertisement()]);
        var next = ConfigurationCompiler.Compile(new([Given.Advertisement()], [], [pool.Source with { ApiVersion = "orleanslb.io/v1beta1" }]), live);
        Assert.Equal(live.Pools, next.Pools);
    }

    [Fact]
    public void A_deleted_object_is_gone()
    {
        var live = Compile([Given.Pool("front", "192.0.2.0/24"), Given.Advertisement()]);
        Assert.Empty(Compile([Given.Advertisement()], live).Pools);
    }

    [Fact]
    public void An_edit_takes_nothing_from_an_object_that_is_live()
    {
        var (older, newer) =
            (Given.Pool("front", "192.0.2.0/25") with { Created = Early }, Given.Pool("rear", "192.0.2.128/25") with { Created = Early.AddDays(1) });
        var live = Compile([older, newer, Given.Advertisement()]);
        var next = Compile([Given.Pool("front", "192.0.2.0/24") with { Created = Early }, newer, Given.Advertisement()], live);
        Assert.Equal(live.Pools, next.Pools);
        Assert.Equal("front", Assert.Single(next.Problems).Object.Name);
    }

    [Fact]
    public void Of_two_in_conflict_the_older_stands()
    {
        var live = Compile([Given.Pool("a", "192.0.2.1") with { Created = Early.AddDays(1) }, Given.Pool("b", "192.0.2.1") with { Created = Early },
            Given.Advertisement()]);
        Assert.Equal("b", Assert.Single(live.Pools).Name.Value);
    }

    [Fact]
    public void An_object_is_taken_whole_or_not_at_all()
    {
        var source = Given.Source("ConfigMap", "config");
        var live =
            Compile([Given.Pool("a", "192.0.2.1") with { Source = source }, Given.Pool("b", "192.0.2.1") with { Source = source }, Given.Advertisement()]);
        Assert.Empty(live.Pools);
        Assert.Equal("data.config", Assert.Single(live.Problems).Field);
    }

    [Fact]
    public void An_advertisement_of_a_missing_pool_and_a_pool_without_advertisement_are_warned_of()
    {
        var live = Compile([Given.Pool("front", "192.0.2.1"), Given.Advertisement("frnt")]);
        Assert.Equal([Severity.Warning, Severity.Warning], live.Problems.Select(problem => problem.Severity));
        Assert.Contains("Did you mean 'front'?", live.Problems.Single(problem => problem.Object.Kind == "L2Advertisement").Message, StringComparison.Ordinal);
        Assert.Single(live.Pools);
        Assert.Single(live.Layer2);
    }

    [Fact]
    public void A_second_default_pool_is_warned_of()
    {
        var live =
            Compile([Given.Pool("a", "192.0.2.1") with { IsDefault = true }, Given.Pool("b", "192.0.2.2") with { IsDefault = true }, Given.Advertisement()]);
        Assert.Equal("b", Assert.Single(live.Problems).Object.Name);
        Assert.Equal(2, live.Pools.Count);
    }

    [Fact]
    public void A_second_default_Eip_is_refused_as_by_OpenELB_and_one_beside_another_default_is_not()
    {
        var eip = Given.Pool("a", "192.0.2.1") with { IsDefault = true, Source = Eip("a") };
        var live = Compile([eip, Given.Pool("b", "192.0.2.2") with { IsDefault = true, Source = Eip("b") },
            Given.Pool("c", "192.0.2.3") with { IsDefault = true }, Given.Advertisement()]);
        Assert.Equal(["a", "c"], live.Pools.Select(pool => pool.Name.Value).Order());
        var refused = Assert.Single(live.Problems, problem => problem.Severity == Severity.Error);
        Assert.Equal("b", refused.Object.Name);
        Assert.Contains("there is a default Eip already, 'a'", refused.Message, StringComparison.Ordinal);

        static ObjectReference Eip(string name) => new("network.kubesphere.io/v1alpha2", "Eip", "", name);
    }

    private static ClusterConfiguration Compile(Declaration[] declarations, ClusterConfiguration? previous = null, Declaration[]? accepted = null) =>
        ConfigurationCompiler.Compile(new([.. declarations], [], [], [.. accepted ?? []]), previous ?? ClusterConfiguration.Empty);
}
