namespace OrleansLb.Kubernetes.Manifests;

/// <summary>One document of a file: what it holds, or the line and the reason why it could not be read.</summary>
public abstract record DocumentResult
{
    private DocumentResult()
    {
    }

    public sealed record Loaded(Node Root) : DocumentResult;

    public sealed record Malformed(int Line, string Fault) : DocumentResult;
}
