using OrleansLb.Core;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>A manifest file that the lab brings along.</summary>
/// <param name="Headline">The comment that it begins with.</param>
internal sealed record LabManifest(string Headline, IReadOnlyList<Mapping> Documents)
{
    public static LabManifest Read(string name)
    {
        using var stream = typeof(LabManifest).Assembly.GetManifestResourceStream($"lab/{name}.yaml")
            ?? throw new ArgumentException($"There is no lab manifest '{name}'.", nameof(name));
        var text = new StreamReader(stream).ReadToEnd();
        var headline = string.Join(' ', text.Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' ')));
        return new(headline, ManifestText.All(text, $"{name}.yaml"));
    }

    /// <summary>The name of the Service that the document declares, if it does.</summary>
    public static ServiceName? ServiceOf(Mapping document) => document.Text("kind") == "Service"
        ? new(document.Text("metadata", "namespace") ?? "default", document.Text("metadata", "name")!)
        : null;

    public static string Describe(Mapping document) => $"{document.Text("kind")} {document.Text("metadata", "name")} ({document.Text("apiVersion")})";
}
