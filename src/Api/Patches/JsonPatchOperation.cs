using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Patches;

/// <summary>One operation of a JSON patch (RFC 6902 §4).</summary>
internal sealed record JsonPatchOperation(string Name, JsonPointer Path, JsonPointer From, JsonNode? Value)
{
    public static JsonPatchOperation Parse(JsonObject? json)
    {
        var name = json.Text("op") ?? "";
        if (json is null || name is not ("add" or "remove" or "replace" or "move" or "copy" or "test")) throw Malformed($"unknown operation \"{name}\"");
        if (!JsonPointer.TryParse(json.Text("path"), out var path)) throw Malformed($"{name} needs a path that starts with '/'");
        var from = new JsonPointer([]);
        if (name is "move" or "copy" && !JsonPointer.TryParse(json.Text("from"), out from)) throw Malformed($"{name} needs a from that starts with '/'");
        if (name is "add" or "replace" or "test" && !json.ContainsKey("value")) throw Malformed($"{name} needs a value");
        return new(name, path, from, json["value"]);
    }

    public JsonNode? Apply(JsonNode? root) => Name switch
    {
        "add" => Add(root, Value?.DeepClone()),
        "remove" => Remove(root, Path),
        "replace" => Replace(root),
        "move" => Move(root),
        "copy" => Add(root, Existing(root, From)?.DeepClone()),
        _ => Test(root),
    };

    public static ApiException Refuse(string why) =>
        new ApiError(422, "Invalid", $"the server rejected our request due to an error in our request: {why}").AsException();

    private static ApiException Malformed(string why) => ApiError.BadRequest($"invalid JSON patch: {why}").AsException();

    private JsonNode? Add(JsonNode? root, JsonNode? value)
    {
        if (Path.Tokens.Length + JsonText.DepthOf(value) > JsonText.MaxDepth)
            throw Refuse($"{Name} operation does not apply: {JsonText.MaxDepth} levels are the most");
        if (Path.IsRoot) return value;
        switch (Existing(root, Path.Parent))
        {
            case JsonObject map:
                map[Path.Last] = value;
                return root;
            case JsonArray list when Path.Last == "-":
                list.Add(value);
                return root;
            case JsonArray list when JsonPointer.TryIndex(Path.Last, list.Count, out var index):
                list.Insert(index, value);
                return root;
            default:
                throw Refuse($"{Name} operation does not apply: doc is missing path: {Path}");
        }
    }

    private JsonNode? Replace(JsonNode? root)
    {
        Existing(root, Path);
        if (Path.IsRoot) return Value?.DeepClone();
        if (Existing(root, Path.Parent) is JsonArray list && JsonPointer.TryIndex(Path.Last, list.Count - 1, out var index)) list[index] = Value?.DeepClone();
        else ((JsonObject)Existing(root, Path.Parent)!)[Path.Last] = Value?.DeepClone();
        return root;
    }

    private JsonNode? Move(JsonNode? root)
    {
        if (From.Encloses(Path)) throw Refuse($"move operation does not apply: {Path} is inside {From}");
        var value = Existing(root, From)?.DeepClone();
        return Add(From.IsRoot ? root : Remove(root, From), value);
    }

    private JsonNode? Test(JsonNode? root) =>
        Path.TryFind(root, out var found) && JsonNode.DeepEquals(found, Value) ? root : throw Refuse($"testing value {Path} failed: test failed");

    private JsonNode? Remove(JsonNode? root, JsonPointer path)
    {
        Existing(root, path);
        if (path.IsRoot) return null;
        if (Existing(root, path.Parent) is JsonArray list && JsonPointer.TryIndex(path.Last, list.Count - 1, out var index)) list.RemoveAt(index);
        else (Existing(root, path.Parent) as JsonObject)?.Remove(path.Last);
        return root;
    }

    private JsonNode? Existing(JsonNode? root, JsonPointer path) =>
        path.TryFind(root, out var found) ? found : throw Refuse($"{Name} operation does not apply: doc is missing path: {path}");
}
