using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Kinds;

/// <summary>A node registers itself with its status in one piece.</summary>
internal sealed class NodeRules : KindRules
{
    public override bool KeepsStatusOnCreate => true;

    public override IReadOnlyCollection<string> FieldPaths => ["spec.unschedulable"];

    public override IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree) =>
        [KeyValuePair.Create("spec.unschedulable", tree.Object("spec").Flag("unschedulable") == true ? "true" : "false")];
}
