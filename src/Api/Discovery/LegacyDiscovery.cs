using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Discovery;

/// <summary>Discovery in the older form: one reply per group version.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject Versions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    public static JsonObject Groups(ResourceCatalog catalog) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ServedGroups.Of(catalog).Select(group => (JsonNode)Group(group.Name, group.Types))]),
    };

    public static JsonObject? Group(ResourceCatalog catalog, string name)
    {
        var found = ServedGroups.Of(catalog).FirstOrDefault(group => group.Name == name);
        if (found.Name is null) return null;
        var group = Group(found.Name, found.Types);
        (group["kind"], group["apiVersion"]) = ("APIGroup", "v1");
        return group;
    }

    public static JsonObject? Resources(ResourceCatalog catalog, string group, string version)
    {
        var types = catalog.Types.Where(type => type.Group == group && type.Version == version).ToList();
        var reviews = Reviews.Types.Where(review => review.Group == group && version == "v1").ToList();
        if (types.Count + reviews.Count == 0) return null;
        return new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. types.SelectMany(Entries), .. reviews.Select(Entry)]),
        };
    }

    private static JsonObject Group(string name, IReadOnlyList<ResourceType> types)
    {
        var versions = ServedGroups.VersionsOf(name, types)
            .Select(version => new JsonObject { ["groupVersion"] = $"{name}/{version}", ["version"] = version }).ToList();
        return new()
        {
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static JsonNode Entry((string Group, string Plural, string Kind) review) => new JsonObject
    {
        ["name"] = review.Plural,
        ["singularName"] = review.Kind.ToLowerInvariant(),
        ["namespaced"] = false,
        ["kind"] = review.Kind,
        ["verbs"] = AggregatedDiscovery.Texts(Verbs.OfReview),
    };

    private static IEnumerable<JsonNode> Entries(ResourceType type)
    {
        var entry = Entry(type, type.Resource.Name, type.Singular, Verbs.OfResource);
        if (!type.ShortNames.IsEmpty) entry["shortNames"] = AggregatedDiscovery.Texts(type.ShortNames);
        if (!type.Categories.IsEmpty) entry["categories"] = AggregatedDiscovery.Texts(type.Categories);
        yield return entry;
        if (type.HasStatus) yield return Entry(type, $"{type.Resource.Name}/status", "", Verbs.OfStatus);
    }

    private static JsonObject Entry(ResourceType type, string name, string singular, IEnumerable<string> verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = singular,
        ["namespaced"] = type.Namespaced,
        ["kind"] = type.Kind,
        ["verbs"] = AggregatedDiscovery.Texts(verbs),
    };
}
