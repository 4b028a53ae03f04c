using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Storage;

/// <summary>Names one object of one resource.</summary>
public readonly record struct ObjectRef(GroupResource Resource, ObjectKey Key)
{
    public static ObjectRef To(StoredObject stored) => new(stored.Resource, stored.Key);
}
