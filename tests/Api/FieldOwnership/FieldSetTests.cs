using System.Text.Json.Nodes;
using OrleansLb.Api.FieldOwnership;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.Tests.FieldOwnership;

public sealed class FieldSetTests
{
    private static readonly Schema Service = ResourceCatalog.BuiltinsOnly.Find("", "v1", "services")!.Schema;

    [Fact]
    public void Fields_are_named_as_the_api_names_them()
    {
        var set = FieldTree.Of(JsonNode.Parse("""{"spec":{"ports":[{"port":80,"name":"a"}],"selector":{"x":"y"},"type":"ClusterIP"},"metadata":{"finalizers":["f"],"labels":{"l":"m"}}}"""), Service);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"f:metadata":{"f:finalizers":{"v:\"f\"":{}},"f:labels":{"f:l":{}}},
             "f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{}}},"f:selector":{},"f:type":{}}}
            """), set.ToJson()), set.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("""{"f:a":{},"f:b":{"f:c":{}}}""", """{"f:a":{}}""", """{"f:b":{"f:c":{}}}""")]
    [InlineData("""{"f:a":{".":{},"f:b":{}}}""", """{"f:a":{"f:b":{}}}""", """{"f:a":{}}""")]
    [InlineData("""{"f:a":{}}""", """{"f:a":{}}""", """{}""")]
    public void Difference_takes_away_just_the_members(string from, string what, string left)
    {
        var difference = Set(from).Except(Set(what));
        Assert.True(left == "{}" ? difference.IsEmpty : difference.SetEquals(Set(left)), difference.ToJson().ToJsonString());
    }

    [Fact]
    public void What_is_joined_comes_back_by_difference()
    {
        var (one, two) = (Set("""{"f:a":{},"f:b":{"f:c":{}}}"""), Set("""{"f:b":{"f:d":{}},"f:e":{}}"""));
        var all = one.Union(two);
        Assert.True(all.Except(two).SetEquals(one));
        Assert.True(all.Intersect(one).SetEquals(one));
        Assert.True(FieldSet.FromJson(all.ToJson()).SetEquals(all));
    }

    [Fact]
    public void Paths_are_shown_as_people_read_them() =>
        Assert.Equal([".spec.ports[port=80,protocol=\"TCP\"].name", ".x[=\"v\"]"], Set("""{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{"f:name":{}}}},"f:x":{"v:\"v\"":{}}}""").Paths());

    private static FieldSet Set(string json) => FieldSet.FromJson((JsonObject)JsonNode.Parse(json)!);
}
