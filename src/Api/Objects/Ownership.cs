using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>Which objects depend on which: <c>ownerReferences</c>, and the finalizer by which an owner waits for its dependents to go first.</summary>
internal static class Ownership
{
    private const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>The index entries by which an object is found from its owners, or found waiting for its dependents.</summary>
    public static IEnumerable<string> Claims(JsonObject metadata)
    {
        foreach (var owner in metadata.Objects("ownerReferences")) yield return OwnedBy(owner.Text("uid") ?? "");
        if (metadata.Texts("finalizers").Contains(ForegroundFinalizer)) yield return Awaits(OwnedBy(metadata.Text("uid") ?? ""));
    }

    public static List<StoredObject> Dependents(StoreTransaction transaction, string uid) =>
        [.. transaction.Image.Holders(OwnedBy(uid)).Select(holder => transaction.Find(holder.Resource, holder.Key)).OfType<StoredObject>()];

    /// <summary>The owners that were waiting for this object alone to go.</summary>
    public static IEnumerable<ObjectRef> OwnersThatWaitedFor(StoreImage image, StoredObject gone) =>
        gone.Claims.Where(claim => claim.StartsWith(OwnedBy(""), StringComparison.Ordinal) && image.Holders(claim).IsEmpty)
            .SelectMany(claim => image.Holders(Awaits(claim)));

    public static void Orphan(StoreTransaction transaction, string ownerUid)
    {
        foreach (var dependent in Dependents(transaction, ownerUid))
        {
            var tree = dependent.Parse();
            RemoveOwner(tree, ownerUid);
            transaction.Put(dependent.Resource, tree);
        }
    }

    public static void RemoveOwner(JsonObject tree, string uid)
    {
        var metadata = tree.Metadata();
        var left = metadata.Objects("ownerReferences").Where(owner => owner.Text("uid") != uid).Select(owner => owner.DeepClone()).ToArray();
        metadata.SetOrRemove("ownerReferences", left.Length == 0 ? null : new JsonArray(left));
    }

    public static void Await(JsonObject tree)
    {
        var metadata = tree.Metadata();
        if (metadata.Texts("finalizers").Contains(ForegroundFinalizer)) return;
        if (metadata["finalizers"] is not JsonArray list) metadata["finalizers"] = list = [];
        list.Add(ForegroundFinalizer);
    }

    public static void StopAwaiting(JsonObject tree)
    {
        var left = tree.Metadata().Texts("finalizers").Where(name => name != ForegroundFinalizer).Select(name => (JsonNode)name).ToArray();
        tree.Metadata().SetOrRemove("finalizers", left.Length == 0 ? null : new JsonArray(left));
    }

    private static string OwnedBy(string uid) => $"owner/{uid}";

    private static string Awaits(string claim) => $"awaits/{claim}";
}
