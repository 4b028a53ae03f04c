using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Silo.Manifests;

/// <summary>Manifests that the program itself brings along.</summary>
internal static class ManifestText
{
    public static IReadOnlyList<Mapping> All(string text, string name) =>
        new ManifestReader(ManifestKinds.All).ReadText(text, name) is { Faults: [], Manifests: var manifests }
        ? [.. manifests.Select(manifest => manifest.Root)]
        : throw new FormatException($"{name} is no manifest.");

    public static Mapping One(string text) => All(text, "text.yaml").Single();
}
