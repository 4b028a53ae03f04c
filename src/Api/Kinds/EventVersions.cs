using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Kinds;

/// <summary>Events in their two served forms: core <c>v1</c>, in which they are stored, and <c>events.k8s.io/v1</c>.</summary>
internal static class EventVersions
{
    public static GroupResource Newer { get; } = new("events.k8s.io", "events");

    private static readonly (string Core, string Newer)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("reportingComponent", "reportingController"),
        ("count", "deprecatedCount"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("source", "deprecatedSource"),
    ];

    public static void ToCore(JsonObject tree)
    {
        foreach (var (core, newer) in Names) Rename(tree, newer, core);
    }

    public static void FromCore(JsonObject tree)
    {
        foreach (var (core, newer) in Names) Rename(tree, core, newer);
    }

    private static void Rename(JsonObject tree, string from, string to)
    {
        if (!tree.TryGetPropertyValue(from, out var value)) return;
        tree.Remove(from);
        tree[to] = value;
    }
}
