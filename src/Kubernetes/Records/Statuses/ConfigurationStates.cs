using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Whether MetalLB's configuration is accepted, as its ConfigurationState objects: <c>controller</c>, and <c>speaker-NODE</c> for each node. Those that MetalLB
/// itself has written, while it is there, are left alone.
/// </summary>
internal sealed class ConfigurationStates(ApiClient client, TimeProvider time, ILogger logger)
{
    private const string Controller = "controller";
    private const string ComponentLabel = "metallb.io/component-type";
    private const string NodeLabel = "metallb.io/node-name";

    private static readonly ResourceType<CustomObject> Type =
        ResourceTypes.Custom(new("metallb.io", "v1beta1", "configurationstates", "ConfigurationState", Namespaced: true));

    private readonly StatusGate _gate = new(logger);
    private readonly StatusPlace _place = new(client);
    private ConfigurationReport? _written;

    /// <summary>Looks at what stands each time: MetalLB's own go with its pods, and somebody may have deleted ours.</summary>
    public async Task Write(ConfigurationReport report, CancellationToken cancellation)
    {
        report = report with { Verdicts = report.Verdicts.Where(IsMetalLb).ToEquatableList() };
        _place.Forget();
        if (await _gate.Pass($"list {Type.Resource}", () => client.List(Type, new(), cancellation)) is not { } list) return;
        var standing = (list.Items ?? []).ToLookup(state => state.Metadata.Name);
        foreach (var node in report.Nodes.Select(node => (NodeName?)node).Prepend(null))
        {
            if (standing[NameOf(node)].All(IsOurs) && (report != _written || !standing.Contains(NameOf(node))))
                await Put(node, report, standing[NameOf(node)].FirstOrDefault()?.Root ?? Mapping.Empty, cancellation);
        }
        var wanted = report.Nodes.Select(node => NameOf(node)).Append(NameOf(null)).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in standing.Where(states => !wanted.Contains(states.Key)).SelectMany(states => states).Where(IsOurs))
        {
            await _gate.Pass($"delete {Type.Resource}",
                () => client.Delete(Type.Resource, new(gone.Metadata.Namespace, gone.Metadata.Name), default, cancellation));
        }
        _written = report;
    }

    private static bool IsMetalLb(ObjectVerdict verdict) =>
        verdict.Object is { Kind: "ConfigMap" } || verdict.Object.ApiVersion.StartsWith("metallb.io/", StringComparison.Ordinal);

    private static bool IsOurs(CustomObject state) => state.Root.Text("metadata", "labels", StatusNames.ManagedBy) == StatusNames.Us;

    private static string NameOf(NodeName? node) => node is { } speaker ? $"speaker-{speaker}" : Controller;

    private async Task Put(NodeName? node, ConfigurationReport report, Mapping before, CancellationToken cancellation)
    {
        var ns = before.Text("metadata", "namespace") ?? await _place.Namespace(cancellation);
        var labels = new JsonObject { [StatusNames.ManagedBy] = StatusNames.Us, [ComponentLabel] = node is null ? Controller : "speaker" };
        var metadata = new JsonObject { ["name"] = NameOf(node), ["namespace"] = ns, ["labels"] = labels };
        if (node is { } speaker)
        {
            labels[NodeLabel] = StatusNames.Label(speaker.Value);
            metadata["ownerReferences"] = await _place.Owners(speaker, cancellation);
        }
        var whole = new JsonObject { ["apiVersion"] = Type.Resource.ApiVersion, ["kind"] = Type.Resource.Kind, ["metadata"] = metadata,
            ["status"] = Status(node, report, before) };
        var path = new ObjectPath(ns, NameOf(node));
        var patch = Patch.Apply(whole, StatusNames.Us, force: true);
        if (await _gate.Pass($"patch {Type.Resource}", () => client.Patch(Type, path, patch, cancellation)) is null) return;
        await _gate.Pass($"patch {Type.Resource}/status", () => client.Patch(Type, path with { Subresource = "status" }, patch, cancellation));
    }

    private JsonObject Status(NodeName? node, ConfigurationReport report, Mapping before)
    {
        var faults = report.Verdicts.Where(verdict => !verdict.Accepted).Select(verdict => $"{verdict.Object}: {verdict.Message}").ToList();
        string[] types = node is null ? ["configReconcilerValid", "poolReconcilerValid"] : ["configReconcilerValid"];
        var (result, reason, summary) = faults.Count == 0 ? ("Valid", "Reconciled", "") : ("Invalid", "ConfigurationError", string.Join('\n', faults));
        var conditions = types.Select(type => (JsonNode)new Condition(type, faults.Count == 0, reason, summary).ToJson(before, time.GetUtcNow()));
        return new() { ["result"] = result, ["errorSummary"] = summary, ["conditions"] = new JsonArray([.. conditions]) };
    }
}
