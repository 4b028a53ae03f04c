using System.Text.Json;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Silo.Manifests;

/// <summary>What is wrong with the manifests in some files, judged by the rules that the running service follows.</summary>
/// <param name="Faults">What could not be read.</param>
/// <param name="Sources">The objects that could be read.</param>
/// <param name="Problems">What is wrong with objects that could be read.</param>
internal sealed record ConfigurationCheck(IReadOnlyList<ConfigurationObject> Sources, IReadOnlyList<ManifestFault> Faults, IReadOnlyList<Problem> Problems)
{
    public int Objects => Sources.Count;

    public int Errors => Faults.Count + Problems.Count(problem => problem.Severity == Severity.Error);

    public int Warnings => Problems.Count(problem => problem.Severity == Severity.Warning);

    public static ConfigurationCheck Of(IEnumerable<string> paths, ServiceRules rules)
    {
        var set = new ManifestReader(ManifestKinds.All).Read(paths);
        var context = TranslationContext.Empty.WithSecretsOf(set.Manifests);
        var sources = set.Manifests.Select(manifest => ConfigurationObject.Of(manifest.Root, manifest.File)).ToList();
        var declared = DialectCatalog.TranslateAll(sources, context);
        var compiled = ConfigurationCompiler.Compile(declared, ClusterConfiguration.Empty);
        return new(sources, set.Faults,
            [.. compiled.Problems.Concat(set.Manifests.SelectMany(manifest => ServiceProblems(manifest, rules))).Concat(sources.SelectMany(Nameless))]);
    }

    /// <summary>Of the kinds that configure us the name is asked for with the rest; a ConfigMap without one is not even known for ours.</summary>
    private static IEnumerable<Problem> Nameless(ConfigurationObject source)
    {
        if (source.Reference.Name.Length > 0 || DialectCatalog.IsConfiguration(source.Reference)) yield break;
        if (source.Root["metadata"] is Mapping metadata && metadata.Text("generateName") is not null) yield break;
        yield return new(source.Reference, "metadata.name", Severity.Error,
            "is missing; it must be given. See that what belongs to metadata is indented below it.");
    }

    private static IEnumerable<Problem> ServiceProblems(Manifest manifest, ServiceRules rules)
    {
        if (manifest is not { ApiVersion: "v1", Kind: "Service" }) return [];
        var reference = ConfigurationObject.Of(manifest.Root, manifest.File).Reference;
        try
        {
            var service = JsonSerializer.Deserialize(manifest.Root.ToJson(), ResourceTypes.Services.Json)!;
            return ServiceTranslator.Translate(service, Labels.None, ServiceEndpoints.None, rules)
                .Problems.Select(problem => problem with { Object = reference });
        }
        catch (JsonException wrong)
        {
            var field = wrong.Path?.TrimStart('$', '.') ?? "";
            return [new Problem(reference, field, Severity.Error, "the value is not of the type that a Service has here.")];
        }
    }
}
