using OrleansLb.Api.Resources;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>The relation between a CustomResourceDefinition and the objects of its kind.</summary>
internal static class Definitions
{
    /// <summary>A definition is named after what it defines: plural, dot, group.</summary>
    public static GroupResource Defined(StoredObject definition)
    {
        var name = definition.Key.Name;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new("", name) : new(name[(dot + 1)..], name[..dot]);
    }

    public static StoredObject? Of(StoreImage image, GroupResource resource) =>
        image.Find(KnownResources.CustomResourceDefinitions, new("", resource.ToString()));
}
