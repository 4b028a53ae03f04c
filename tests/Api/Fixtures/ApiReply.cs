using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tests.Fixtures;

/// <summary>A reply, with what tests ask of it.</summary>
public sealed record ApiReply(int Code, string Text, IReadOnlyList<string> Warnings)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Text)!;

    public string Revision => Json.Object("metadata").Text("resourceVersion") ?? "";

    public string Reason => Json.Text("reason") ?? "";

    public string Message => Json.Text("message") ?? "";

    /// <summary>What stands at a dotted path.</summary>
    public JsonNode? At(string path)
    {
        JsonNode? node = Json;
        foreach (var name in path.Split('.'))
            node = node is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : (node as JsonObject)?[name];
        return node;
    }

    public ApiReply Expect(int code)
    {
        Assert.True(Code == code, $"expected {code}, got {Code}: {Text}");
        return this;
    }
}
