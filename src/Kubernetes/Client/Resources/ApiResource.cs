namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>A kind of object as the API serves it: its group (empty for core), version, plural name and whether it lives in namespaces.</summary>
public sealed record ApiResource(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of all objects, of those in one namespace, of one object, or of a part of it such as <c>status</c>.</summary>
    public string Path(string? ns = null, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        var scope = Namespaced && !string.IsNullOrEmpty(ns) ? $"/namespaces/{Uri.EscapeDataString(ns)}" : "";
        var one = name is null ? "" : $"/{Uri.EscapeDataString(name)}";
        return $"{root}{scope}/{Plural}{one}{(subresource is null ? "" : $"/{subresource}")}";
    }

    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
