using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>A condition as it is to stand (metav1.Condition).</summary>
/// <param name="Generation">The edition of the spec that it is about; 0 leaves that out.</param>
internal readonly record struct Condition(string Type, bool Status, string Reason, string Message, long Generation = 0)
{
    private const int MostMessage = 32_768;

    private string Value => Status ? "True" : "False";

    /// <summary>The condition with the time of its last transition: that which <paramref name="current"/> has of it, if its status stays.</summary>
    public JsonObject ToJson(Mapping current, DateTimeOffset now)
    {
        var condition = new JsonObject
        {
            ["type"] = Type,
            ["status"] = Value,
            ["lastTransitionTime"] = Since(current) ?? now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["reason"] = Reason,
            ["message"] = Message.Length <= MostMessage ? Message : $"{Message[..(MostMessage - 1)]}…",
        };
        if (Generation > 0) condition["observedGeneration"] = Generation;
        return condition;
    }

    private string? Since(Mapping current)
    {
        var standing = (current["status"] as Mapping)?["conditions"] as Sequence;
        foreach (var item in standing?.Items ?? [])
        {
            if (item is Mapping condition && condition.Text("type") == Type && condition.Text("status") == Value) return condition.Text("lastTransitionTime");
        }
        return null;
    }
}
