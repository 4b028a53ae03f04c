using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Patches;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Rest;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Hosting;

/// <summary>Puts objects into the API from within the process, as <c>kubectl apply</c> would from without.</summary>
public static class Seeding
{
    private static readonly WriteOptions Options = new() { FieldManager = "orleanslb", FieldValidation = FieldValidation.Strict };

    /// <summary>Creates the object, or merges it into the one that is there.</summary>
    /// <exception cref="ApiException">The object is refused.</exception>
    public static async Task<StoredObject> ApplyAsync(this KubernetesApi api, JsonObject manifest)
    {
        var target = Target(api.Catalog, manifest);
        var result = await api.Store.WriteAsync(transaction => transaction.Find(target.Type.Storage, target.Key) is null
            ? api.Writer.Create(transaction, target, manifest.Copy(), Options)
            : api.Writer.Update(transaction, target, tree => MergePatch.Apply(tree, manifest), Options));
        return result.Object;
    }

    /// <summary>Creates the object, or gives the one that is there this spec and no other: what an older release declared is gone.</summary>
    internal static async Task InstallAsync(this KubernetesApi api, JsonObject manifest)
    {
        var target = Target(api.Catalog, manifest);
        await api.Store.WriteAsync(transaction => transaction.Find(target.Type.Storage, target.Key) is null
            ? api.Writer.Create(transaction, target, manifest.Copy(), Options)
            : api.Writer.Update(transaction, target, tree => WithSpec(tree, manifest), Options));
    }

    private static JsonObject WithSpec(JsonObject tree, JsonObject manifest)
    {
        tree["spec"] = manifest["spec"]?.DeepClone();
        return tree;
    }

    /// <summary>Applies every document of a YAML or JSON text, items of lists included.</summary>
    public static async Task<IReadOnlyList<StoredObject>> ApplyTextAsync(this KubernetesApi api, string text)
    {
        var applied = new List<StoredObject>();
        foreach (var manifest in YamlText.ParseAll(text).OfType<JsonObject>().SelectMany(Unfold)) applied.Add(await api.ApplyAsync(manifest));
        return applied;
    }

    private static IEnumerable<JsonObject> Unfold(JsonObject manifest)
    {
        var isList = manifest.Array("items") is not null && (manifest.Text("kind") ?? "").EndsWith("List", StringComparison.Ordinal);
        return isList ? manifest.Objects("items") : [manifest];
    }

    private static ObjectTarget Target(ResourceCatalog catalog, JsonObject manifest)
    {
        var (apiVersion, kind) = (manifest.Text("apiVersion") ?? "", manifest.Text("kind") ?? "");
        var type = catalog.FindKind(apiVersion, kind)
            ?? throw ApiError.BadRequest($"no matches for kind \"{kind}\" in version \"{apiVersion}\"").AsException();
        var metadata = manifest.Object("metadata");
        return new(type, new(type.Namespaced ? metadata.Text("namespace") ?? "default" : "", metadata.Text("name") ?? ""));
    }
}
