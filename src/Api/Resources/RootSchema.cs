using System.Collections.Frozen;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.Resources;

/// <summary>Completes the schema of a kind with what every object has: <c>apiVersion</c>, <c>kind</c> and <c>metadata</c>.</summary>
internal static class RootSchema
{
    public static Schema ObjectMeta { get; } = SchemaReader.Read((JsonObject)YamlText.ParseAll(BuiltinFiles.Read("objectmeta.yaml")).Single()!);

    private static readonly Schema Text = SchemaReader.Read(new JsonObject { ["type"] = "string" });

    public static Schema Of(Schema declared, string group, string version, string kind)
    {
        var source = declared.Source.Copy();
        var properties = source.Ensure("properties");
        properties["apiVersion"] = new JsonObject { ["type"] = "string", ["description"] = "The versioned schema of this object." };
        properties["kind"] = new JsonObject { ["type"] = "string", ["description"] = "The kind of this object." };
        properties["metadata"] = new JsonObject { ["$ref"] = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" };
        source["x-kubernetes-group-version-kind"] = new JsonArray(new JsonObject { ["group"] = group, ["version"] = version, ["kind"] = kind });
        return declared with { Source = source, Properties = WithObjectFields(declared).ToFrozenDictionary(StringComparer.Ordinal) };
    }

    /// <summary>What a definition says about the metadata itself (a pattern for the name, say) is checked too, on top of what holds for all.</summary>
    private static Dictionary<string, Schema> WithObjectFields(Schema declared)
    {
        var metadata = declared.Properties.TryGetValue("metadata", out var own) && own.Properties.Count > 0
            ? ObjectMeta with { AllOf = [own with { Type = "" }] }
            : ObjectMeta;
        return new(declared.Properties, StringComparer.Ordinal) { ["apiVersion"] = Text, ["kind"] = Text, ["metadata"] = metadata };
    }
}
