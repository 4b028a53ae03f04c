using System.Text.Json.Nodes;
using OrleansLb.Api.Discovery;
using OrleansLb.Api.Tables;

namespace OrleansLb.Api.Tests.Tables;

public sealed class TableTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(121, "2m1s")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(10799, "179m")]
    [InlineData(10800, "3h")]
    [InlineData(10860, "3h1m")]
    [InlineData(28800, "8h")]
    [InlineData(172799, "47h")]
    [InlineData(172800, "2d")]
    [InlineData(176400, "2d1h")]
    [InlineData(691200, "8d")]
    [InlineData(63072000, "2y")]
    [InlineData(63158400, "2y1d")]
    [InlineData(252288000, "8y")]
    [InlineData(-5, "<invalid>")]
    public void Ages_have_two_units_at_most(int seconds, string shown) => Assert.Equal(shown, Ages.Show(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void An_age_that_is_not_known_says_so() => Assert.Equal("<unknown>", Ages.Since(null, DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData(".spec.a", "1")]
    [InlineData(".spec.list[0].k", "\"x\"")]
    [InlineData(".spec.list[-1].k", "\"y\"")]
    [InlineData(".spec.list[5].k", null)]
    [InlineData(".spec.list[*].k", "\"x\"")]
    [InlineData(".spec.list", """[{"k":"x","v":1},{"k":"y","v":2}]""")]
    [InlineData(".spec.list[?(@.k==\"y\")].v", "2")]
    [InlineData(".spec.list[?(@.k=='x')].v", "1")]
    [InlineData(".spec.list[?(@.v==2)].k", "\"y\"")]
    [InlineData(@".metadata.annotations.example\.com/a", "\"dotted\"")]
    [InlineData(".metadata.annotations['example.com/a']", "\"dotted\"")]
    [InlineData(".none.at.all", null)]
    [InlineData(".spec.a.b", null)]
    public void Paths_of_columns_find_their_first_match(string path, string? expected)
    {
        var tree = JsonNode.Parse("""{"metadata":{"annotations":{"example.com/a":"dotted"}},"spec":{"a":1,"list":[{"k":"x","v":1},{"k":"y","v":2}]}}""")!;
        Assert.Equal(expected, JsonPath.Parse(path).Find(tree)?.ToJsonString());
    }

    [Fact]
    public void Versions_are_ordered_as_kubernetes_orders_them() =>
        Assert.Equal(["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"],
            new[] { "foo10", "v11alpha2", "v2", "v3beta1", "v12alpha1", "v1", "foo1", "v10beta3", "v11beta2", "v10" }.Order(VersionOrder.NewestFirst));
}
