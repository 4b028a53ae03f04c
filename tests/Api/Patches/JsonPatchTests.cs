using System.Text.Json.Nodes;
using OrleansLb.Api.Patches;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Tests.Patches;

/// <summary>RFC 6902: each operation, where it applies and where it does not.</summary>
public sealed class JsonPatchTests
{
    public static TheoryData<string, string, string> Applying => new()
    {
        { """{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"foo":"bar","baz":"qux"}""" },
        { """{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""" },
        { """{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""" },
        { """{"foo":["bar"]}""", """[{"op":"add","path":"/foo/1","value":"end"}]""", """{"foo":["bar","end"]}""" },
        { """{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""" },
        { """{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""" },
        { """{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""" },
        { """{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""" },
        { """{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""" },
        { """{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"}]""", """{"a":{"b":1},"c":{"b":1}}""" },
        { """{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""" },
        { """{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""" },
        { """{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","xyz":123}]""", """{"foo":"bar","baz":"qux"}""" },
        { """{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/~1"}]""", """{"~1":10}""" },
        { """{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""" },
        { """{"a":null}""", """[{"op":"test","path":"/a","value":null},{"op":"replace","path":"/a","value":null}]""", """{"a":null}""" },
        { """{"":1}""", """[{"op":"replace","path":"/","value":2}]""", """{"":2}""" },
    };

    public static TheoryData<string, string> NotApplying => new()
    {
        { """{"foo":"bar"}""", """[{"op":"add","path":"/baz/bat","value":"qux"}]""" },
        { """{"baz":"qux"}""", """[{"op":"test","path":"/baz","value":"bar"}]""" },
        { """{"foo":["bar"]}""", """[{"op":"add","path":"/foo/2","value":"x"}]""" },
        { """{"foo":["bar"]}""", """[{"op":"remove","path":"/foo/-"}]""" },
        { """{"foo":["bar"]}""", """[{"op":"replace","path":"/foo/01","value":"x"}]""" },
        { """{"foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""" },
        { """{"foo":"bar"}""", """[{"op":"replace","path":"/baz","value":1}]""" },
        { """{"a":{"b":1}}""", """[{"op":"move","from":"/a","path":"/a/c"}]""" },
        { """{"a":1}""", """[{"op":"test","path":"/a","value":"1"}]""" },
        { """{"a":1}""", """[{"op":"remove","path":""}]""" },
        { """{"a":1}""", """[{"op":"replace","path":"","value":[1]}]""" },
    };

    public static TheoryData<string> Malformed => new()
    {
        """{"op":"add"}""", """[{"op":"addd","path":"/a","value":1}]""", """[{"op":"add","path":"a","value":1}]""", """[{"op":"add","path":"/a"}]""",
        """[{"op":"move","path":"/a"}]""", """[1]""", """[{"path":"/a"}]""",
    };

    [Theory, MemberData(nameof(Applying))]
    public void Operations_apply_in_order(string target, string patch, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), Parse(patch).Apply((JsonObject)JsonNode.Parse(target)!).ToJsonString());

    [Theory, MemberData(nameof(NotApplying))]
    public void An_operation_that_does_not_apply_is_unprocessable(string target, string patch)
    {
        var refusal = Assert.Throws<ApiException>(() => Parse(patch).Apply((JsonObject)JsonNode.Parse(target)!));
        Assert.Equal(422, refusal.Error.Code);
    }

    [Theory, MemberData(nameof(Malformed))]
    public void What_is_no_patch_is_a_bad_request(string patch) => Assert.Equal(400, Assert.Throws<ApiException>(() => Parse(patch)).Error.Code);

    private static JsonPatch Parse(string text) => JsonPatch.Parse(JsonNode.Parse(text));
}
