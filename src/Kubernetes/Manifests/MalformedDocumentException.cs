namespace OrleansLb.Kubernetes.Manifests;

/// <summary>A document that cannot be read; thrown and caught inside the readers of this folder.</summary>
internal sealed class MalformedDocumentException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;

    public static MalformedDocumentException Duplicate(string name, int line) =>
        new(line, $"the key '{name}' is given twice in one object; keep one of them.");
}
