using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Discovery;

/// <summary>Discovery in one reply: <c>apidiscovery.k8s.io/v2</c>.</summary>
internal static class AggregatedDiscovery
{
    public static JsonObject Core(ResourceCatalog catalog) => List([Group("", catalog.Types.Where(type => type.Group.Length == 0))]);

    public static JsonObject Groups(ResourceCatalog catalog) =>
        List(ServedGroups.Of(catalog).Select(group => Group(group.Name, group.Types)));

    private static JsonObject List(IEnumerable<JsonNode> groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups]),
    };

    private static JsonObject Group(string name, IEnumerable<ResourceType> types) => new()
    {
        ["metadata"] = name.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = name },
        ["versions"] = new JsonArray([.. ServedGroups.VersionsOf(name, types)
            .Select(version => Version(name, version, types.Where(type => type.Version == version)))]),
    };

    private static JsonObject Version(string group, string version, IEnumerable<ResourceType> types) => new()
    {
        ["version"] = version,
        ["freshness"] = "Current",
        ["resources"] = new JsonArray([.. types.Select(Resource), .. version == "v1" ? ReviewsIn(group) : []]),
    };

    private static JsonNode[] ReviewsIn(string group) => [.. Reviews.Types.Where(review => review.Group == group).Select(review => (JsonNode)new JsonObject
    {
        ["resource"] = review.Plural,
        ["responseKind"] = new JsonObject { ["group"] = review.Group, ["version"] = "v1", ["kind"] = review.Kind },
        ["scope"] = "Cluster",
        ["singularResource"] = review.Kind.ToLowerInvariant(),
        ["verbs"] = Texts(Verbs.OfReview),
    })];

    private static JsonNode Resource(ResourceType type)
    {
        var resource = new JsonObject
        {
            ["resource"] = type.Resource.Name,
            ["responseKind"] = Kind(type),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = Texts(Verbs.OfResource),
        };
        if (!type.ShortNames.IsEmpty) resource["shortNames"] = Texts(type.ShortNames);
        if (!type.Categories.IsEmpty) resource["categories"] = Texts(type.Categories);
        if (type.HasStatus)
            resource["subresources"] = new JsonArray(Status(type));
        return resource;
    }

    private static JsonObject Status(ResourceType type) =>
        new() { ["subresource"] = "status", ["responseKind"] = Kind(type), ["verbs"] = Texts(Verbs.OfStatus) };

    private static JsonObject Kind(ResourceType type) => new() { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind };

    internal static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
