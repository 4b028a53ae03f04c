using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Resources;

/// <summary>The catalog that belongs to an image: derived from its CustomResourceDefinitions, and kept until they change.</summary>
public sealed class CatalogSource
{
    private volatile Entry _entry = new(ObjectTable.Empty, ResourceCatalog.BuiltinsOnly);

    public ResourceCatalog At(StoreImage image)
    {
        var definitions = image.Table(KnownResources.CustomResourceDefinitions);
        var entry = _entry;
        if (!ReferenceEquals(entry.Definitions, definitions)) _entry = entry = new(definitions, ResourceCatalog.Of(definitions));
        return entry.Catalog;
    }

    private sealed record Entry(ObjectTable Definitions, ResourceCatalog Catalog);
}
