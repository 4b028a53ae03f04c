using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>The object that a request is about, in the version that it asks for.</summary>
public sealed record ObjectTarget(ResourceType Type, ObjectKey Key, string Subresource = "")
{
    public bool IsStatus => Subresource == "status";

    public ApiException NotFound() => ApiError.NotFound(Type.Resource, Key.Name).AsException();

    public ApiException PreconditionFailed(string what, string wanted, string present) =>
        ApiError.Conflict(Type.Resource, Key.Name, $"Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {present}").AsException();

    public StoredObject Require(StoreImage image) => image.Find(Type.Storage, Key) ?? throw NotFound();
}
