using System.Text.Json.Nodes;

namespace OrleansLb.Api.Patches;

/// <summary>JSON Merge Patch (RFC 7386): members replace members, null removes, lists are replaced whole.</summary>
public static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject inner) target[name] = Apply(target[name] as JsonObject is { } present ? Detach(target, name, present) : [], inner);
            else target[name] = value.DeepClone();
        }
        return target;
    }

    private static JsonObject Detach(JsonObject parent, string name, JsonObject child)
    {
        parent.Remove(name);
        return child;
    }
}
