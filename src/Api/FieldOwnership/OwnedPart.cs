using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>The part of an object whose fields can have owners: not what the server itself keeps, nor what the request's subresource does not write.</summary>
internal static class OwnedPart
{
    private static readonly string[] OwnedMetadata = ["labels", "annotations", "finalizers", "ownerReferences"];

    public static JsonObject Of(JsonObject tree, ObjectTarget target)
    {
        var part = new JsonObject();
        foreach (var (name, value) in tree)
            if (IsOwned(name, target)) part[name] = name == "metadata" ? Metadata(value) : value?.DeepClone();
        if (part["metadata"] is JsonObject { Count: 0 }) part.Remove("metadata");
        return part;
    }

    /// <summary>Its fields, taken out of the object itself: not to be written into.</summary>
    public static List<FieldTree.Part> Parts(JsonObject tree, ObjectTarget target)
    {
        var parts = new List<FieldTree.Part>();
        foreach (var (name, value) in tree)
        {
            if (!IsOwned(name, target)) continue;
            var owned = name == "metadata" ? Metadata(value) : value;
            if (name != "metadata" || owned is JsonObject { Count: > 0 })
                parts.Add(new(PathElement.Member(name), owned, target.Type.Schema.Member(name), IsItem: false));
        }
        return parts;
    }

    private static bool IsOwned(string name, ObjectTarget target) => name switch
    {
        "apiVersion" or "kind" => false,
        "metadata" => !(target.IsStatus && target.Type.Custom),
        "status" => target.IsStatus || !target.Type.HasStatus,
        _ => !target.IsStatus,
    };

    private static JsonObject Metadata(JsonNode? metadata)
    {
        var part = new JsonObject();
        foreach (var name in OwnedMetadata)
            if ((metadata as JsonObject)?[name] is { } value) part[name] = value.DeepClone();
        return part;
    }
}
