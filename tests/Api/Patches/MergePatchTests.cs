using System.Text.Json.Nodes;
using OrleansLb.Api.Patches;

namespace OrleansLb.Api.Tests.Patches;

/// <summary>RFC 7386: what its appendix says of objects, in our own words.</summary>
public sealed class MergePatchTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { """{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""" },
        { """{"a":"b"}""", """{"a":null}""", """{}""" },
        { """{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""" },
        { """{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""" },
        { """{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""" },
        { """{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""" },
        { """{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""" },
        { """{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""" },
        { """{"a":1}""", """{"a":{"b":2}}""", """{"a":{"b":2}}""" },
        { """{"a":{"b":1}}""", """{"a":{}}""", """{"a":{"b":1}}""" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Members_replace_nulls_remove_lists_are_whole(string target, string patch, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(),
            MergePatch.Apply((JsonObject)JsonNode.Parse(target)!, (JsonObject)JsonNode.Parse(patch)!).ToJsonString());

    [Theory, MemberData(nameof(Cases))]
    public void The_patch_itself_is_left_as_it_was(string target, string patch, string expected)
    {
        var document = (JsonObject)JsonNode.Parse(patch)!;
        var result = MergePatch.Apply((JsonObject)JsonNode.Parse(target)!, document);
        result["touched"] = true;
        Assert.Equal(JsonNode.Parse(patch)!.ToJsonString(), document.ToJsonString());
        Assert.NotEqual(expected, result.ToJsonString());
    }
}
