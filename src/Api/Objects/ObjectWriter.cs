using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>Creates and changes objects inside a transaction: everything between a decoded request and the stored object.</summary>
public sealed class ObjectWriter(ObjectDeleter deleter, AddressPlan addresses)
{
    public WriteResult Create(StoreTransaction transaction, ObjectTarget target, JsonObject tree, WriteOptions options)
    {
        var context = new KindContext(target.Type, transaction, addresses);
        NamespaceLifecycle.RequireOpen(transaction.Image, target);
        ObjectMeta.Begin(tree, target, transaction);
        if (target.Type.HasStatus && !target.Type.Rules.KeepsStatusOnCreate) tree.Remove("status");
        Admission.Normalise(tree, target.Type, options, context.Warnings);
        target.Type.Rules.Prepare(context, tree, null);
        Admission.Validate(context, tree, null);
        var key = target.Key with { Name = tree.Metadata().Text("name") ?? "" };
        if (transaction.Find(target.Type.Storage, key) is not null) throw ApiError.AlreadyExists(target.Type.Resource, key.Name).AsException();
        return new(transaction.Put(target.Type.Storage, Versions.ToStorage(tree, target.Type)), true, context.Warnings);
    }

    /// <summary>Changes an object; a change to what it already is writes nothing and keeps its revision.</summary>
    public WriteResult Update(StoreTransaction transaction, ObjectTarget target, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        var stored = target.Require(transaction.Image);
        var old = Versions.FromStorage(stored.Parse(), target.Type);
        var next = change(old.Copy());
        ObjectMeta.CheckPreconditions(next, stored, target);
        return Store(transaction, target, stored, new(old, next), options);
    }

    private WriteResult Store(StoreTransaction transaction, ObjectTarget target, StoredObject stored, Revisions trees, WriteOptions options)
    {
        var (old, next) = trees;
        var context = new KindContext(target.Type, transaction, addresses);
        ObjectMeta.Carry(old, next, target.Type);
        Subresources.Restrict(old, next, target);
        Admission.Normalise(next, target.Type, options, context.Warnings);
        if (target.IsStatus) target.Type.Rules.PrepareStatus(context, next, old);
        else target.Type.Rules.Prepare(context, next, old);
        ObjectMeta.CountGeneration(old, next, target.Type);
        if (JsonNode.DeepEquals(old, next)) return new(stored, false, context.Warnings);
        Admission.Validate(context, next, old);
        var tree = Versions.ToStorage(next, target.Type);
        var released = ObjectMeta.IsDeleting(tree) && !ObjectMeta.HasFinalizers(tree);
        return new(released ? deleter.Finish(transaction, stored, tree) : transaction.Put(target.Type.Storage, tree), false, context.Warnings);
    }

    private readonly record struct Revisions(JsonObject Old, JsonObject Next);
}
