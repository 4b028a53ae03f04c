using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Kinds;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>Objects in the version that is stored, and in the one that is asked for.</summary>
internal static class Versions
{
    public static JsonObject ToStorage(JsonObject tree, ResourceType type)
    {
        if (type.Resource == EventVersions.Newer) EventVersions.ToCore(tree);
        tree["apiVersion"] = type.StorageApiVersion;
        return tree;
    }

    public static JsonObject FromStorage(JsonObject tree, ResourceType type)
    {
        if (type.Resource == EventVersions.Newer) EventVersions.FromCore(tree);
        tree["apiVersion"] = type.ApiVersion;
        return tree;
    }

    /// <summary>The object's bytes as they are served; those that are stored, if the version is the same.</summary>
    public static ReadOnlyMemory<byte> Bytes(StoredObject stored, ResourceType type) =>
        type.IsStorageVersion && type.Storage == type.Resource ? stored.Json : JsonText.ToBytes(FromStorage(stored.Parse(), type));
}
