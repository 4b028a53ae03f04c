namespace OrleansLb.Api.Storage;

/// <summary>
/// One step of the store's history: what an object was and what it became. <c>Current</c> of a deletion is its last state at the new revision.
/// </summary>
public sealed record StoreChange(StoredObject? Previous, StoredObject Current, bool Deleted)
{
    public long Revision => Current.Revision;
}
