using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>The part of an object's metadata that the server owns.</summary>
internal static class ObjectMeta
{
    private static readonly string[] Owned =
    [
        "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName", "resourceVersion", "namespace",
    ];

    public static string Timestamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static bool IsDeleting(JsonObject tree) => tree.Object("metadata").Text("deletionTimestamp") is not null;

    public static bool HasFinalizers(JsonObject tree) => tree.Object("metadata").Array("finalizers") is { Count: > 0 };

    public static JsonObject RequireMetadata(JsonObject tree) =>
        tree["metadata"] is JsonObject ? tree : throw ApiError.BadRequest("metadata must be an object that names what it belongs to").AsException();

    /// <summary>Names and stamps a new object.</summary>
    public static void Begin(JsonObject tree, ObjectTarget target, StoreTransaction transaction)
    {
        var metadata = tree.Metadata();
        if (metadata.Text("resourceVersion") is { Length: > 0 })
            throw ApiError.BadRequest("resourceVersion should not be set on objects to be created").AsException();
        var uid = Guid.NewGuid();
        NameIt(metadata, target, uid);
        foreach (var name in Owned.Except(["generateName"])) metadata.Remove(name);
        if (target.Key.Namespace.Length > 0) metadata["namespace"] = target.Key.Namespace;
        metadata["uid"] = uid.ToString("D");
        metadata["creationTimestamp"] = Timestamp(transaction.Now);
        if (HasGeneration(target.Type)) metadata["generation"] = 1;
    }

    /// <summary>What the server owns stays as it was, whatever the client sent.</summary>
    public static void Carry(JsonObject old, JsonObject next, ResourceType type)
    {
        next["apiVersion"] = type.ApiVersion;
        next["kind"] = type.Kind;
        var (before, after) = (old.Metadata(), next.Metadata());
        foreach (var name in Owned) after.SetOrRemove(name, before[name]);
    }

    /// <summary>The name and namespace must be the stored object's; a uid or resource version, if sent, too.</summary>
    public static void CheckPreconditions(JsonObject next, StoredObject stored, ObjectTarget target)
    {
        var metadata = next.Metadata();
        var (name, uid, revision) = (metadata.Text("name"), metadata.Text("uid"), metadata.Text("resourceVersion"));
        if (name is { Length: > 0 } && name != target.Key.Name)
            throw ApiError.BadRequest($"the name of the object ({name}) does not match the name on the URL ({target.Key.Name})").AsException();
        if (metadata.Text("namespace") is { Length: > 0 } ns && ns != target.Key.Namespace)
            throw ApiError.BadRequest($"the namespace of the object ({ns}) does not match the namespace on the request ({target.Key.Namespace})").AsException();
        metadata["name"] = target.Key.Name;
        if (uid is { Length: > 0 } && uid != stored.Uid)
            throw target.PreconditionFailed("UID", uid, stored.Uid);
        if (revision is { Length: > 0 } and not "0" && revision != stored.Revision.ToString(CultureInfo.InvariantCulture))
            throw ApiError.Modified(target.Type.Resource, target.Key.Name).AsException();
    }

    /// <summary>The generation counts changes to what is wanted, not to metadata or status.</summary>
    public static void CountGeneration(JsonObject old, JsonObject next, ResourceType type)
    {
        if (!HasGeneration(type) || SameContent(old, next, type)) return;
        next.Metadata()["generation"] = (old.Metadata().Whole("generation") ?? 0) + 1;
    }

    /// <summary>Empty maps and lists are the same as none.</summary>
    public static void Tidy(JsonObject metadata)
    {
        foreach (var name in (ReadOnlySpan<string>)["labels", "annotations", "finalizers", "ownerReferences", "managedFields"])
            if (metadata[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 }) metadata.Remove(name);
    }

    public static List<FieldError> Validate(JsonObject metadata, ResourceType type) => MetadataChecks.Validate(metadata, type);

    private static bool HasGeneration(ResourceType type) =>
        type.Custom || type.Group is "apps" or "apiextensions.k8s.io" or "discovery.k8s.io";

    private static bool SameContent(JsonObject old, JsonObject next, ResourceType type) =>
        old.Select(member => member.Key).Union(next.Select(member => member.Key))
            .Where(name => name != "metadata" && !(name == "status" && type.HasStatus))
            .All(name => JsonNode.DeepEquals(old[name], next[name]));

    private static void NameIt(JsonObject metadata, ObjectTarget target, Guid uid)
    {
        var name = metadata.Text("name") ?? "";
        if (target.Key.Name.Length > 0 && name.Length > 0 && name != target.Key.Name)
            throw ApiError.BadRequest($"the name of the object ({name}) does not match the name on the URL ({target.Key.Name})").AsException();
        if (metadata.Text("namespace") is { Length: > 0 } ns && ns != target.Key.Namespace)
            throw ApiError.BadRequest($"the namespace of the provided object does not match the namespace sent on the request").AsException();
        if (target.Key.Name.Length > 0) metadata["name"] = target.Key.Name;
        else if (name.Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix) metadata["name"] = Generated(prefix, uid);
    }

    private static string Generated(string prefix, Guid uid) => string.Concat(prefix.AsSpan(0, Math.Min(prefix.Length, 58)), uid.ToString("N").AsSpan(0, 5));
}
