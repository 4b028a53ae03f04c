using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Schemas;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>A CustomResourceDefinition names what it defines, has one storage version and structural schemas; accepted, it is established at once.</summary>
internal sealed partial class DefinitionRules : KindRules
{
    public override void Prepare(KindContext context, JsonObject tree, JsonObject? old)
    {
        var names = tree.Ensure("spec").Ensure("names");
        var kind = names.Text("kind") ?? "";
        names.SetDefault("singular", kind.ToLowerInvariant());
        names.SetDefault("listKind", kind + "List");
        tree.Ensure("spec").SetDefault("conversion", new JsonObject { ["strategy"] = "None" });
        if (tree.Object("status").Array("conditions") is { Count: > 0 } && JsonNode.DeepEquals(old?.Object("spec")?["names"], names)) return;
        var now = ObjectMeta.Timestamp(context.Transaction.Now);
        tree["status"] = new JsonObject
        {
            ["acceptedNames"] = names.DeepClone(),
            ["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now)),
            ["storedVersions"] = new JsonArray([.. StorageVersions(tree).Select(version => (JsonNode?)(version.Text("name") ?? ""))]),
        };
    }

    public override IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        var spec = tree.Object("spec");
        var wanted = $"{spec.Object("names").Text("plural")}.{spec.Text("group")}";
        if (tree.Metadata().Text("name") != wanted)
            yield return FieldError.Invalid("metadata.name", tree.Metadata()["name"], "must be spec.names.plural+\".\"+spec.group");
        if (StorageVersions(tree).Count() != 1)
            yield return FieldError.Invalid("spec.versions", spec?["versions"], "must have exactly one version marked as storage version");
        foreach (var name in (string[])["group", "scope"])
            if (old is not null && old.Object("spec").Text(name) != spec.Text(name))
                yield return FieldError.Invalid($"spec.{name}", spec?[name], "field is immutable");
        var index = 0;
        foreach (var version in spec.Objects("versions"))
            foreach (var error in VersionErrors(version, $"spec.versions[{index++}]")) yield return error;
    }

    private static IEnumerable<JsonObject> StorageVersions(JsonObject tree) =>
        tree.Object("spec").Objects("versions").Where(version => version.Flag("storage") == true);

    private static IEnumerable<FieldError> VersionErrors(JsonObject version, string path)
    {
        if (!Version().IsMatch(version.Text("name") ?? "")) yield return FieldError.Invalid($"{path}.name", version["name"], "must be a DNS-1035 label");
        var field = $"{path}.schema.openAPIV3Schema";
        if (version.Object("schema").Object("openAPIV3Schema") is not { } schema) yield return FieldError.Required(field, "schemas are required");
        else
            foreach (var error in StructuralSchema.Validate(schema, field)) yield return error;
    }

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = now,
        ["reason"] = reason,
        ["message"] = message,
    };

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Version();
}
