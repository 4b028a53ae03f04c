using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Discovery;

/// <summary>The named API groups, with what each serves; those that only answer reviews included.</summary>
internal static class ServedGroups
{
    public static IEnumerable<(string Name, IReadOnlyList<ResourceType> Types)> Of(ResourceCatalog catalog) =>
        catalog.Types.Select(type => type.Group).Concat(Reviews.Types.Select(review => review.Group)).Where(group => group.Length > 0).Distinct()
            .Select(group => (group, (IReadOnlyList<ResourceType>)[.. catalog.Types.Where(type => type.Group == group)]));

    public static IEnumerable<string> VersionsOf(string group, IEnumerable<ResourceType> types) =>
        types.Select(type => type.Version)
            .Concat(Reviews.Types.Where(review => review.Group == group).Select(_ => "v1"))
            .Distinct().Order(VersionOrder.NewestFirst);
}
