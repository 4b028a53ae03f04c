using System.Text.Json.Nodes;
using OrleansLb.Api.FieldOwnership;
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
        tree.Metadata().Remove("managedFields");
        return Create(transaction, target, tree, options, TrackUpdate(transaction, target, options));
    }

    private WriteResult Create(StoreTransaction transaction, ObjectTarget target, JsonObject tree, WriteOptions options, RecordOwnership record)
    {
        var context = new KindContext(target.Type, transaction, addresses);
        NamespaceLifecycle.RequireOpen(transaction.Image, target);
        ObjectMeta.Begin(tree, target, transaction);
        if (target.Type.HasStatus && !target.Type.Rules.KeepsStatusOnCreate) tree.Remove("status");
        Admission.Normalise(tree, target.Type, options, context.Warnings);
        var shape = Admission.CheckShape(tree, target.Type);
        target.Type.Rules.Prepare(context, tree, null);
        Admission.Validate(context, tree, null, shape);
        var key = target.Key with { Name = tree.Metadata().Text("name") ?? "" };
        if (transaction.Find(target.Type.Storage, key) is not null) throw ApiError.AlreadyExists(target.Type.Resource, key.Name).AsException();
        record(null, tree);
        return new(transaction.Put(target.Type.Storage, Versions.ToStorage(tree, target.Type)), true, context.Warnings);
    }

    /// <summary>Changes an object; a change to what it already is writes nothing and keeps its revision.</summary>
    public WriteResult Update(StoreTransaction transaction, ObjectTarget target, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        var stored = target.Require(transaction.Image);
        var old = Versions.FromStorage(stored.Parse(), target.Type);
        var next = ObjectMeta.RequireMetadata(change(old.Copy()));
        UpdateTracking.KeepRecord(old, next);
        ObjectMeta.CheckPreconditions(next, stored, target);
        return Store(transaction, target, stored, new(old, next, TrackUpdate(transaction, target, options)), options);
    }

    /// <summary>Server-side apply: makes the object what the manager's configuration says, creating it if need be.</summary>
    public WriteResult Apply(StoreTransaction transaction, ObjectTarget target, JsonObject configuration, bool force, WriteOptions options)
    {
        var stored = transaction.Find(target.Type.Storage, target.Key);
        if (stored is null && target.Subresource.Length > 0) throw target.NotFound();
        var old = stored is null ? null : Versions.FromStorage(stored.Parse(), target.Type);
        if (stored is not null) ObjectMeta.CheckPreconditions(configuration, stored, target);
        var applied = ServerSideApply.Merge(old, configuration, target, new(options.FieldManager, force, transaction.Now));
        void Record(JsonObject? before, JsonObject next) => applied.Managers.Into(next);
        return stored is null
            ? Create(transaction, target, applied.Object, options, Record)
            : Store(transaction, target, stored, new(old!, applied.Object, Record), options);
    }

    private WriteResult Store(StoreTransaction transaction, ObjectTarget target, StoredObject stored, Revisions trees, WriteOptions options)
    {
        var (old, next, record) = trees;
        var context = new KindContext(target.Type, transaction, addresses);
        ObjectMeta.Carry(old, next, target.Type);
        Subresources.Restrict(old, next, target);
        Admission.Normalise(next, target.Type, options, context.Warnings);
        var shape = Admission.CheckShape(next, target.Type);
        if (target.IsStatus) target.Type.Rules.PrepareStatus(context, next, old);
        else target.Type.Rules.Prepare(context, next, old);
        ObjectMeta.CountGeneration(old, next, target.Type);
        record(old, next);
        if (JsonNode.DeepEquals(old, next)) return new(stored, false, context.Warnings);
        Admission.Validate(context, next, old, shape);
        var tree = Versions.ToStorage(next, target.Type);
        var released = ObjectMeta.IsDeleting(tree) && !ObjectMeta.HasFinalizers(tree);
        return new(released ? deleter.Finish(transaction, stored, tree) : transaction.Put(target.Type.Storage, tree), false, context.Warnings);
    }

    private static RecordOwnership TrackUpdate(StoreTransaction transaction, ObjectTarget target, WriteOptions options) =>
        (old, next) => UpdateTracking.Record(old, next, target, options.FieldManager, transaction.Now);

    /// <summary>Notes in the new object who owns its fields now.</summary>
    private delegate void RecordOwnership(JsonObject? old, JsonObject next);

    private readonly record struct Revisions(JsonObject Old, JsonObject Next, RecordOwnership Record);
}
