using System.Text.Json.Nodes;
using OrleansLb.Api.Patches;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Tests.Patches;

public sealed class StrategicMergePatchTests
{
    public static TheoryData<string, string, string> OnServices => new()
    {
        { """{"spec":{"ports":[{"port":80,"name":"a"}]}}""", """{"spec":{"ports":[{"port":81,"name":"b"}]}}""", """{"spec":{"ports":[{"port":81,"name":"b"},{"port":80,"name":"a"}]}}""" },
        { """{"spec":{"ports":[{"port":80,"name":"a"}]}}""", """{"spec":{"ports":[{"port":80,"name":"b"}]}}""", """{"spec":{"ports":[{"port":80,"name":"b"}]}}""" },
        { """{"spec":{"ports":[{"port":80},{"port":81}]}}""", """{"spec":{"ports":[{"$patch":"delete","port":80}]}}""", """{"spec":{"ports":[{"port":81}]}}""" },
        { """{"spec":{"ports":[{"port":80},{"port":81}]}}""", """{"spec":{"ports":[{"$patch":"replace"},{"port":90}]}}""", """{"spec":{"ports":[{"port":90}]}}""" },
        { """{"spec":{"ports":[{"port":80},{"port":81}]}}""", """{"spec":{"$setElementOrder/ports":[{"port":82},{"port":80}],"ports":[{"port":82}]}}""", """{"spec":{"ports":[{"port":82},{"port":80},{"port":81}]}}""" },
        { """{"spec":{"ports":[{"port":80},{"port":81}]}}""", """{"spec":{"ports":[{"port":82}]}}""", """{"spec":{"ports":[{"port":82},{"port":80},{"port":81}]}}""" },
        { """{"spec":{"ports":[{"port":80},{"port":81}]}}""", """{"spec":{"ports":[{"port":82},{"port":81}]}}""", """{"spec":{"ports":[{"port":82},{"port":80},{"port":81}]}}""" },
        { """{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"finalizers":["c"]}}""", """{"metadata":{"finalizers":["c","a","b"]}}""" },
        { """{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", """{"metadata":{"finalizers":["b"]}}""" },
        { """{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"finalizers":null}}""", """{"metadata":{}}""" },
        { """{"spec":{"selector":{"a":"b"}}}""", """{"spec":{"selector":{"$patch":"replace","c":"d"}}}""", """{"spec":{"selector":{"c":"d"}}}""" },
        { """{"spec":{"selector":{"a":"b"},"type":"ClusterIP"}}""", """{"spec":{"selector":{"$patch":"delete"}}}""", """{"spec":{"type":"ClusterIP"}}""" },
        { """{"spec":{"type":"LoadBalancer","clusterIP":"x"}}""", """{"spec":{"$retainKeys":["type"],"type":"ClusterIP"}}""", """{"spec":{"type":"ClusterIP"}}""" },
        { """{"spec":{"externalIPs":["1.1.1.1"]}}""", """{"spec":{"externalIPs":["2.2.2.2"]}}""", """{"spec":{"externalIPs":["2.2.2.2"]}}""" },
        { """{"status":{"conditions":[{"type":"A","status":"True"}]}}""", """{"status":{"conditions":[{"type":"A","status":"False"},{"type":"B","status":"True"}]}}""", """{"status":{"conditions":[{"type":"A","status":"False"},{"type":"B","status":"True"}]}}""" },
        { """{"metadata":{"labels":{"a":"b"}}}""", """{"metadata":{"labels":{"a":null,"c":"d"}}}""", """{"metadata":{"labels":{"c":"d"}}}""" },
    };

    [Theory, MemberData(nameof(OnServices))]
    public void Lists_merge_by_their_keys_and_directives_are_followed(string target, string patch, string expected)
    {
        var result = StrategicMergePatch.Apply((JsonObject)JsonNode.Parse(target)!, (JsonObject)JsonNode.Parse(patch)!, Service.Schema);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result), result.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"$patch":"what"}}""")]
    [InlineData("""{"spec":{"ports":[{"name":"no key"}]}}""")]
    public void A_patch_that_cannot_be_followed_is_a_bad_request(string patch) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => StrategicMergePatch.Apply([], (JsonObject)JsonNode.Parse(patch)!, Service.Schema)).Error.Code);

    private static ResourceType Service => ResourceCatalog.BuiltinsOnly.Find("", "v1", "services")!;
}
