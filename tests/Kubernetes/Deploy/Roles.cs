using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Rest;

namespace OrleansLb.Kubernetes.Tests.Deploy;

/// <summary>A request as roles see it; <paramref name="Resource"/> with its subresource, as rules write it.</summary>
internal sealed record Access(string Verb, string Group, string Resource, string Namespace)
{
    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : $".{Group}")}";
}

/// <summary>The rules of role manifests, which grant a verb on a resource everywhere or in one namespace. Nothing is granted by name.</summary>
internal sealed class Roles(IEnumerable<JsonObject> manifests)
{
    private readonly List<Access> _grants = [.. manifests.Where(manifest => manifest.Text("kind") is "ClusterRole" or "Role").SelectMany(Grants)];

    /// <summary>The grants of the files of <c>deploy/</c> that are named.</summary>
    public static Roles Of(params string[] files) =>
        new(files.SelectMany(file => YamlText.ParseAll(File.ReadAllText(Path.Combine(Folder(), file))).OfType<JsonObject>()));

    /// <summary>Everything that is granted, once for all the namespaces that it is granted in.</summary>
    public IEnumerable<string> All => _grants.Select(grant => grant.ToString()).Distinct();

    /// <summary>The same without a right that is written as in <see cref="All"/>.</summary>
    public Roles Without(string access)
    {
        var rest = new Roles([]);
        rest._grants.AddRange(_grants.Where(grant => grant.ToString() != access));
        return rest._grants.Count < _grants.Count ? rest : throw new ArgumentException($"no role grants '{access}'.", nameof(access));
    }

    public bool Allow(Access access) =>
        _grants.Exists(grant => grant with { Namespace = access.Namespace } == access && (grant.Namespace.Length == 0 || grant.Namespace == access.Namespace));

    /// <summary>What a request asks for; null for one that every account may make (discovery, asking for one's own rights).</summary>
    public static Access? Asked(string method, string path, string? watch)
    {
        if (ApiPath.Parse(path) is not { Plural.Length: > 0 } target || target.Plural == "selfsubjectaccessreviews") return null;
        var verb = method switch
        {
            "GET" when target.Name.Length > 0 => "get",
            "GET" => watch is "1" or "true" ? "watch" : "list",
            "POST" => "create",
            "PUT" => "update",
            "DELETE" => target.Name.Length > 0 ? "delete" : "deletecollection",
            _ => method.ToLowerInvariant(),
        };
        return new(verb, target.Group, target.Subresource.Length == 0 ? target.Plural : $"{target.Plural}/{target.Subresource}", target.Namespace);
    }

    private static IEnumerable<Access> Grants(JsonObject role) =>
        from rule in role.Objects("rules")
        from grantedGroup in rule.Texts("apiGroups")
        from resource in rule.Texts("resources")
        from verb in rule.Texts("verbs")
        select new Access(verb, grantedGroup, resource, role.Text("kind") == "Role" ? role.Object("metadata").Text("namespace") ?? "metallb-system" : "");

    private static string Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "OrleansLb.sln"))) return Path.Combine(at.FullName, "deploy");
        throw new DirectoryNotFoundException("No folder above the tests has OrleansLb.sln.");
    }
}
