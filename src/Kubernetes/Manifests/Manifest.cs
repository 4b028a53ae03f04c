namespace OrleansLb.Kubernetes.Manifests;

/// <summary>An object as a file holds it.</summary>
public sealed record Manifest(Mapping Root, string File)
{
    public string ApiVersion => Root.Text("apiVersion") ?? "";

    public string Kind => Root.Text("kind") ?? "";

    public string? Namespace => Root.Text("metadata", "namespace");

    public string Name => Root.Text("metadata", "name") ?? "";

    public int Line => Root.Line;
}

/// <summary>A document that could not be read or is of no known kind: where it stands, what is wrong and how to mend it.</summary>
public sealed record ManifestFault(string File, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>All that could be read, and what could not.</summary>
public sealed record ManifestSet(IReadOnlyList<Manifest> Manifests, IReadOnlyList<ManifestFault> Faults);
