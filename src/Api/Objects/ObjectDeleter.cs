using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>Deletes objects: at once, or when their finalizers are gone; and with them what belongs to them.</summary>
public sealed class ObjectDeleter
{
    /// <summary>The object's last state, and whether it is gone or waits for finalizers.</summary>
    public (StoredObject Object, bool Gone) Delete(StoreTransaction transaction, ObjectTarget target, DeleteOptions options)
    {
        var stored = target.Require(transaction.Image);
        CheckPreconditions(stored, target, options);
        return Delete(transaction, stored, options.Propagation);
    }

    /// <summary>Removes an object that nothing holds any more, then what depended on it, then its namespace if that waited for it.</summary>
    public StoredObject Finish(StoreTransaction transaction, StoredObject stored, JsonObject lastState)
    {
        var last = transaction.Remove(stored, lastState);
        foreach (var dependent in Ownership.Dependents(transaction, stored.Uid)) Release(transaction, dependent, stored.Uid);
        foreach (var owner in Ownership.OwnersThatWaitedFor(transaction.Image, stored)) FinishForeground(transaction, owner);
        if (stored.Key.Namespace.Length > 0) FinishNamespace(transaction, stored.Key.Namespace);
        if (Definitions.Of(transaction.Image, stored.Resource) is { } definition) FinishDefinition(transaction, definition);
        return last;
    }

    private (StoredObject Object, bool Gone) Delete(StoreTransaction transaction, StoredObject stored, Propagation propagation)
    {
        if (propagation == Propagation.Orphan) Ownership.Orphan(transaction, stored.Uid);
        if (stored.Resource == KnownResources.Namespaces)
            return DeleteWithContents(transaction, stored, NamespaceLifecycle.Contents(transaction.Image, stored.Key.Name));
        if (stored.Resource == KnownResources.CustomResourceDefinitions)
            return DeleteWithContents(transaction, stored, transaction.Image.Table(Definitions.Defined(stored)).All);
        if (propagation == Propagation.Foreground && Ownership.Dependents(transaction, stored.Uid) is { Count: > 0 } dependents)
            return DeleteForeground(transaction, stored, dependents);
        var tree = stored.Parse();
        return ObjectMeta.HasFinalizers(tree) ? (MarkDeleting(transaction, stored, tree), false) : (Finish(transaction, stored, tree), true);
    }

    private (StoredObject, bool) DeleteForeground(StoreTransaction transaction, StoredObject stored, List<StoredObject> dependents)
    {
        var tree = stored.Parse();
        Ownership.Await(tree);
        var marked = MarkDeleting(transaction, stored, tree);
        if (ReferenceEquals(marked, stored)) return (stored, false);
        foreach (var dependent in dependents) Delete(transaction, dependent, Propagation.Foreground);
        return transaction.Find(stored.Resource, stored.Key) is { } left ? (left, false) : (marked, true);
    }

    /// <summary>A namespace or a definition: it is marked, then what is in it goes, then it goes itself.</summary>
    private (StoredObject, bool) DeleteWithContents(StoreTransaction transaction, StoredObject stored, IEnumerable<StoredObject> contents)
    {
        var tree = stored.Parse();
        if (stored.Resource == KnownResources.Namespaces) tree.Ensure("status")["phase"] = "Terminating";
        var marked = MarkDeleting(transaction, stored, tree);
        foreach (var content in contents.ToList())
            if (transaction.Find(content.Resource, content.Key) is { } present) Delete(transaction, present, Propagation.Background);
        FinishContainer(transaction, marked);
        return transaction.Find(stored.Resource, stored.Key) is { } left ? (left, false) : (marked, true);
    }

    private void FinishContainer(StoreTransaction transaction, StoredObject marked)
    {
        if (marked.Resource == KnownResources.Namespaces) FinishNamespace(transaction, marked.Key.Name);
        else FinishDefinition(transaction, marked);
    }

    private void FinishDefinition(StoreTransaction transaction, StoredObject definition)
    {
        if (transaction.Find(definition.Resource, definition.Key) is not { } present) return;
        var tree = present.Parse();
        if (!ObjectMeta.IsDeleting(tree) || ObjectMeta.HasFinalizers(tree) || transaction.Image.Table(Definitions.Defined(present)).Count > 0) return;
        Finish(transaction, present, tree);
    }

    private void FinishNamespace(StoreTransaction transaction, string name)
    {
        if (transaction.Find(KnownResources.Namespaces, new("", name)) is not { } holder || !NamespaceLifecycle.IsTerminating(holder)) return;
        var tree = holder.Parse();
        if (!ObjectMeta.HasFinalizers(tree) && NamespaceLifecycle.IsEmpty(transaction.Image, name)) Finish(transaction, holder, tree);
    }

    private static StoredObject MarkDeleting(StoreTransaction transaction, StoredObject stored, JsonObject tree)
    {
        var metadata = tree.Metadata();
        if (metadata.ContainsKey("deletionTimestamp")) return stored;
        metadata["deletionTimestamp"] = ObjectMeta.Timestamp(transaction.Now);
        metadata["deletionGracePeriodSeconds"] = 0;
        return transaction.Put(stored.Resource, tree);
    }

    /// <summary>An owner is gone: its dependents go too, unless another owner keeps them.</summary>
    private void Release(StoreTransaction transaction, StoredObject dependent, string ownerUid)
    {
        var tree = dependent.Parse();
        Ownership.RemoveOwner(tree, ownerUid);
        if (tree.Metadata().ContainsKey("ownerReferences")) transaction.Put(dependent.Resource, tree);
        else if (transaction.Find(dependent.Resource, dependent.Key) is { } present) Delete(transaction, present, Propagation.Background);
    }

    private void FinishForeground(StoreTransaction transaction, ObjectRef reference)
    {
        if (transaction.Find(reference.Resource, reference.Key) is not { } owner) return;
        var tree = owner.Parse();
        Ownership.StopAwaiting(tree);
        if (ObjectMeta.HasFinalizers(tree)) transaction.Put(owner.Resource, tree);
        else Finish(transaction, owner, tree);
    }

    private static void CheckPreconditions(StoredObject stored, ObjectTarget target, DeleteOptions options)
    {
        var revision = stored.Revision.ToString(CultureInfo.InvariantCulture);
        if (options.Uid is { } uid && uid != stored.Uid)
            throw target.PreconditionFailed("UID", uid, stored.Uid);
        if (options.ResourceVersion is { } wanted && wanted != revision)
            throw target.PreconditionFailed("ResourceVersion", wanted, revision);
    }
}
