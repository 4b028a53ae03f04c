using System.Text.Json.Nodes;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Api.Json;

/// <summary>YAML as JSON trees.</summary>
public static class YamlText
{
    /// <summary>The documents of a stream; empty ones are left out.</summary>
    /// <exception cref="FormatException">A document is not YAML; the message says where and why.</exception>
    public static IEnumerable<JsonNode?> ParseAll(string text) => YamlNodes.ReadFile(text).Select(Tree);

    private static JsonNode? Tree(DocumentResult document) => document switch
    {
        DocumentResult.Loaded loaded => JsonText.Parse(loaded.Root.ToJson()),
        DocumentResult.Malformed broken => throw new FormatException($"line {broken.Line}: {broken.Fault}"),
        _ => null,
    };
}
