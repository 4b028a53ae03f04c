using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>Events live where the object does that they are about, and are found by it.</summary>
internal sealed class EventRules : KindRules
{
    private static readonly string[] ReferenceMembers = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    private static readonly string[] Paths =
    [
        .. ReferenceMembers.Select(name => $"involvedObject.{name}"), .. ReferenceMembers.Select(name => $"regarding.{name}"),
        "reason", "type", "reportingComponent", "reportingController", "source",
    ];

    public override IReadOnlyCollection<string> FieldPaths => Paths;

    public override IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree)
    {
        var involved = tree.Object("involvedObject");
        foreach (var name in ReferenceMembers)
        {
            yield return KeyValuePair.Create($"involvedObject.{name}", involved.Text(name) ?? "");
            yield return KeyValuePair.Create($"regarding.{name}", involved.Text(name) ?? "");
        }
        yield return KeyValuePair.Create("reason", tree.Text("reason") ?? "");
        yield return KeyValuePair.Create("type", tree.Text("type") ?? "");
        foreach (var name in (string[])["reportingComponent", "reportingController"])
            yield return KeyValuePair.Create(name, tree.Text("reportingComponent") ?? "");
        yield return KeyValuePair.Create("source", tree.Object("source").Text("component") ?? tree.Text("reportingComponent") ?? "");
    }

    public override IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        var newer = context.Type.Resource == EventVersions.Newer;
        var about = tree.Object(newer ? "regarding" : "involvedObject").Text("namespace") ?? "";
        var home = tree.Metadata().Text("namespace") ?? "";
        if (about.Length > 0 ? about != home : home != "default" && home != "kube-system")
            yield return FieldError.Invalid(newer ? "regarding.namespace" : "involvedObject.namespace", about, "does not match event.namespace");
        if (!newer || old is not null) yield break;
        if (tree["eventTime"] is null) yield return FieldError.Required("eventTime");
        foreach (var name in (string[])["reportingController", "reportingInstance", "action", "reason"])
            if (tree.Text(name) is not { Length: > 0 }) yield return FieldError.Required(name);
        if (tree.Text("type") is not ("Normal" or "Warning")) yield return FieldError.Invalid("type", tree["type"], "has invalid value");
        if (tree.Text("note") is { Length: > 1024 }) yield return FieldError.Invalid("note", "", "can have at most 1024 characters");
    }
}
