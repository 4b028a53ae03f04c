using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Opens a configuration object for reading.</summary>
internal static class SpecReader
{
    /// <summary>The reader of <c>spec</c>; what stands beside it is checked here.</summary>
    public static FieldReader Open(ConfigurationObject source)
    {
        var problems = new ProblemLog(source.Reference);
        var top = new FieldReader(source.Root, "", problems);
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind", "metadata", "status"]) top.Ignore(name);
        if (source.Reference.Name.Length == 0) problems.Error("metadata.name", "is missing; it must be given.");
        var spec = top.Object("spec");
        top.End();
        return spec;
    }
}
