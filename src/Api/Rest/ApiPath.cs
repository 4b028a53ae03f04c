namespace OrleansLb.Api.Rest;

/// <summary>What a path under <c>/api</c> or <c>/apis</c> names: a group version, a collection, an object or a part of one.</summary>
public sealed record ApiPath(string Group, string Version)
{
    public string Namespace { get; init; } = "";
    public string Plural { get; init; } = "";
    public string Name { get; init; } = "";
    public string Subresource { get; init; } = "";

    public static ApiPath? Parse(string path)
    {
        var parts = path.Trim('/').Split('/');
        return parts switch
        {
            ["api", var version, .. var rest] => Within(new("", version), rest),
            ["apis", var group, var version, .. var rest] => Within(new(group, version), rest),
            _ => null,
        };
    }

    private static ApiPath? Within(ApiPath root, string[] rest)
    {
        if (rest.Any(part => part.Length == 0)) return null;
        rest = Array.ConvertAll(rest, Uri.UnescapeDataString);
        var ofNamespaceItself = rest is ["namespaces", _, "status" or "finalize"];
        return rest switch
        {
            ["namespaces", var ns, var plural, .. var tail] when !ofNamespaceItself => Object(root with { Namespace = ns, Plural = plural }, tail),
            [var plural, .. var tail] => Object(root with { Plural = plural }, tail),
            [] => root,
        };
    }

    private static ApiPath? Object(ApiPath path, string[] tail) => tail switch
    {
        [] => path,
        [var name] => path with { Name = name },
        [var name, var subresource] => path with { Name = name, Subresource = subresource },
        _ => null,
    };
}
