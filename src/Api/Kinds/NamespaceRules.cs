using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Kinds;

/// <summary>Namespaces are Active until they are deleted, and carry their own name as a label.</summary>
internal sealed class NamespaceRules : KindRules
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    public override NameRule Names => NameRule.Label;

    public override IReadOnlyCollection<string> FieldPaths => ["status.phase"];

    public override IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree) =>
        [KeyValuePair.Create("status.phase", tree.Object("status").Text("phase") ?? "")];

    public override void Prepare(KindContext context, JsonObject tree, JsonObject? old)
    {
        var metadata = tree.Metadata();
        metadata.Ensure("labels")[NameLabel] = metadata.Text("name") ?? "";
        if (old is not null) return;
        tree.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
        tree["status"] = new JsonObject { ["phase"] = "Active" };
    }
}
