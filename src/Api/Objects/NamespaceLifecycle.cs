using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>Objects live in namespaces that exist and are not on their way out.</summary>
internal static class NamespaceLifecycle
{
    public static void RequireOpen(StoreImage image, ObjectTarget target)
    {
        if (target.Key.Namespace.Length == 0) return;
        var holder = image.Find(KnownResources.Namespaces, new("", target.Key.Namespace))
            ?? throw ApiError.NotFound(KnownResources.Namespaces, target.Key.Namespace).AsException();
        if (IsTerminating(holder))
            throw ApiError.Forbidden(target.Type.Resource, target.Key.Name,
                $"unable to create new content in namespace {target.Key.Namespace} because it is being terminated").AsException();
    }

    public static bool IsTerminating(StoredObject holder) => holder.Field("status.phase") == "Terminating";

    public static bool IsEmpty(StoreImage image, string name) => image.Resources.All(resource => !Contents(image, resource, name).Any());

    public static IEnumerable<StoredObject> Contents(StoreImage image, string name) =>
        image.Resources.SelectMany(resource => Contents(image, resource, name));

    private static IEnumerable<StoredObject> Contents(StoreImage image, GroupResource resource, string name) => image.Table(resource).After(name, null);
}
