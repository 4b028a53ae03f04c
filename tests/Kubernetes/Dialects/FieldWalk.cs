using System.Text.Json.Nodes;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Tests.Dialects;

/// <summary>What becomes of a field that is set beside a base.</summary>
public enum Fate
{
    /// <summary>What is declared changes with it.</summary>
    Honoured,

    /// <summary>A problem names the field and says why it does nothing.</summary>
    Said,

    /// <summary>A note for people, or the value that is so anyway.</summary>
    Harmless,
}

/// <summary>One kind of another project whose every field is tried: a spec that is right, and what to set in it.</summary>
/// <param name="Beside">Other documents that belong to it.</param>
public sealed record FieldWalk(string Api, string Kind, string Base, string Beside = "")
{
    public override string ToString() => Kind;

    /// <summary>Every field of the schema under <c>deploy/crds</c>; lists count as one, but those of families.</summary>
    public IEnumerable<string> Fields()
    {
        var (group, version) = (Api.Split('/')[0], Api.Split('/')[1]);
        var file = Path.Combine(Root(), "deploy/crds", $"{group}.yaml");
        var definitions = new ManifestReader(ManifestKinds.All).ReadText(File.ReadAllText(file), file)
            .Manifests.Select(manifest => (JsonObject)JsonNode.Parse(manifest.Root.ToJson())!);
        var definition = definitions.Single(found => (string)found["spec"]!["names"]!["kind"]! == Kind);
        var schema = definition["spec"]!["versions"]!.AsArray().Single(found => (string)found!["name"]! == version)!["schema"]!["openAPIV3Schema"]!;
        return Leaves(schema["properties"]!["spec"]!, "spec");
    }

    /// <summary>What is declared of the base with a patch (RFC 7396).</summary>
    public DeclaredConfiguration Declare(string patch)
    {
        var spec = (JsonObject)JsonNode.Parse(Base)!;
        Merge(spec, (JsonObject)JsonNode.Parse(patch)!);
        return Translate.Configuration(
            $"apiVersion: {Api}\nkind: {Kind}\nmetadata: {{name: default, namespace: metallb-system}}\nspec: {spec.ToJsonString()}\n{Beside}");
    }

    private static IEnumerable<string> Leaves(JsonNode schema, string path)
    {
        if (schema["items"]?["properties"] is not null && path.EndsWith("afiSafis", StringComparison.Ordinal)) return Leaves(schema["items"]!, $"{path}[0]");
        if (schema["properties"] is not JsonObject properties || schema["x-kubernetes-map-type"] is not null) return [path];
        return properties.SelectMany(property => Leaves(property.Value!, $"{path}.{property.Key}"));
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject next && target[name] is JsonObject nested) Merge(nested, next);
            else target[name] = value.DeepClone();
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansLb.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
