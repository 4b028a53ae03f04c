using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>The steps by which a place in an object is named.</summary>
internal static class PathElement
{
    public static string Member(string name) => "f:" + name;

    public static string Value(JsonNode? value) => "v:" + (value?.ToJsonString() ?? "null");

    /// <summary>The keys of a list item in the order of their names, with the defaults of those left out.</summary>
    public static string Key(JsonObject item, Schema list)
    {
        var key = new JsonObject();
        foreach (var name in list.ItemKeys.Order(StringComparer.Ordinal))
            if ((item[name] ?? list.Items?.Member(name)?.Default) is { } value) key[name] = value.DeepClone();
        return "k:" + System.Text.Encoding.UTF8.GetString(JsonText.ToBytes(key));
    }

    /// <summary>As messages show it: <c>.name</c>, <c>[port=80,protocol="TCP"]</c>, <c>[="value"]</c>.</summary>
    public static string Show(string element) => element[..2] switch
    {
        "f:" => "." + element[2..],
        "v:" => $"[={element[2..]}]",
        _ => $"[{string.Join(',', KeyParts(element).Select(part => $"{part.Key}={part.Value?.ToJsonString() ?? "null"}"))}]",
    };

    private static JsonObject KeyParts(string element)
    {
        try
        {
            return JsonNode.Parse(element[2..]) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return []; // sets that a client wrote by hand may hold anything; it is only for show
        }
    }
}
