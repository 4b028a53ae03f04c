using System.Text.RegularExpressions;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Kubernetes.Tests.Membership;

public sealed class MembershipNamesTests
{
    [Fact]
    public void Plain_ids_can_be_read_in_the_name() => Assert.Equal("prod.orleanslb", MembershipNames.OfCluster("orleanslb", "prod"));

    [Theory]
    [InlineData("orleanslb", "Prod_1")]
    [InlineData("orleanslb", "")]
    [InlineData("orleanslb", "a.b")]
    [InlineData("Мой кластер", "../../secrets")]
    [InlineData("orleanslb", "a-name-that-is-longer-than-any-label-of-kubernetes-may-ever-be-01234567")]
    public void Odd_ids_have_legal_names(string service, string cluster) => Assert.Matches(Label, MembershipNames.OfCluster(service, cluster));

    [Theory]
    [InlineData("192.0.2.1:8481@1")]
    [InlineData("[2001:db8::1]:8481@1")]
    [InlineData("fe80::1%eth0:8481@1")]
    public void Every_address_has_a_legal_name(string silo) => Assert.Matches(Label, MembershipNames.OfHeartbeat("c", silo));

    [Fact]
    public void Two_ids_never_have_one_name()
    {
        (string, string)[] pairs =
            [("a", "b"), ("b", "a"), ("a_", "b"), ("a", "_b"), ("a_b", ""), ("", "a_b"), ("a.b", "c"), ("a", "b.c"), ("A", "b"), ("a", "B")];
        Assert.Equal(pairs.Length, pairs.Select(pair => MembershipNames.OfCluster(pair.Item1, pair.Item2)).Distinct().Count());
        Assert.NotEqual(MembershipNames.OfHeartbeat("a", "b:1@2"), MembershipNames.OfHeartbeat("ab", ":1@2"));
    }

    [Theory]
    [InlineData("blue", "blue")]
    [InlineData("Other_One", null)]
    [InlineData("a-name-that-is-longer-than-a-part-of-a-name", null)]
    [InlineData("", null)]
    public void An_id_stands_for_itself_in_other_names_where_it_may(string cluster, string? name)
    {
        Assert.Matches(Label, MembershipNames.OfId(cluster));
        Assert.Equal(name ?? MembershipNames.OfId(cluster), MembershipNames.OfId(cluster));
        Assert.NotEqual(MembershipNames.OfId(cluster), MembershipNames.OfId(cluster + "x"));
    }

    private static Regex Label => new(@"\A[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?\z");
}
