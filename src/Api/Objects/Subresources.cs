using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Objects;

/// <summary>Which part of an object a request may change: all but the status, or the status and what goes with it.</summary>
internal static class Subresources
{
    public static void Restrict(JsonObject old, JsonObject next, ObjectTarget target)
    {
        if (target.IsStatus) KeepAllButStatus(old, next, target.Type.Custom);
        else if (target.Type.HasStatus) next.SetOrRemove("status", old["status"]);
    }

    /// <summary>Built-in kinds take metadata along with the status (a controller adds its finalizer so); custom ones do not.</summary>
    private static void KeepAllButStatus(JsonObject old, JsonObject next, bool custom)
    {
        foreach (var name in next.Select(member => member.Key).Where(name => name is not ("status" or "metadata") && !old.ContainsKey(name)).ToList())
            next.Remove(name);
        foreach (var (name, value) in old)
            if (name is not ("status" or "metadata") && !(next.TryGetPropertyValue(name, out var sent) && JsonNode.DeepEquals(sent, value)))
                next[name] = value?.DeepClone();
        if (!custom) return;
        var managed = next.Object("metadata")?["managedFields"]?.DeepClone();
        next["metadata"] = old["metadata"]?.DeepClone();
        next.Metadata().SetOrRemove("managedFields", managed);
    }
}
