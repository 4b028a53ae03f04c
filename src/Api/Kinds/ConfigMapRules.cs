using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>A config map that was made immutable keeps its data.</summary>
internal sealed class ConfigMapRules : KindRules
{
    public override IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        foreach (var key in DataKeys.Invalid(tree, "data").Concat(DataKeys.Invalid(tree, "binaryData"))) yield return key;
        foreach (var changed in DataKeys.ChangedWhileImmutable(tree, old, "data", "binaryData")) yield return changed;
    }
}
