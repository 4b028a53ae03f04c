using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Silo.Manifests;

/// <summary>Puts the manifests of files into the API. What is wrong with one object is said in one line and stops no other.</summary>
internal static class ManifestFiles
{
    /// <summary>What others refer to comes first; otherwise the order of the files stands.</summary>
    private static readonly string[] FirstKinds = ["Namespace", "CustomResourceDefinition"];

    /// <summary>Reads files and directories; a path that is not there is an <see cref="OperatorException"/>.</summary>
    public static ManifestSet Read(IReadOnlyList<string> paths)
    {
        var missing = paths.FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path));
        if (missing is not null) throw new OperatorException($"--manifests: there is no file or directory '{missing}'.");
        return new ManifestReader(ManifestKinds.All).Read(paths);
    }

    public static async Task ApplyTo(this ManifestSet set, HttpClient api, TextWriter errors, CancellationToken cancellation)
    {
        foreach (var fault in set.Faults) errors.WriteLine($"orleanslb: {fault}");
        var applier = new ManifestApplier(api);
        foreach (var manifest in set.Manifests.OrderBy(Rank))
        {
            if (await applier.Apply(manifest.Root, cancellation) is not { } refusal) continue;
            errors.WriteLine($"orleanslb: {ConfigurationObject.Of(manifest.Root, manifest.File).Reference}: {refusal}");
        }
    }

    private static int Rank(Manifest manifest) => Array.IndexOf(FirstKinds, manifest.Kind) is >= 0 and var rank ? rank : FirstKinds.Length;
}
