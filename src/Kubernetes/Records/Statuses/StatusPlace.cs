using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Where namespaced status objects stand, and what they are collected with: in MetalLB's namespace, where their readers
/// look, or our own if there is none; with the node.
/// </summary>
internal sealed class StatusPlace(ApiClient client)
{
    private const string MetalLbNamespace = "metallb-system";

    private readonly ConcurrentDictionary<NodeName, JsonArray?> _owners = new();
    private string? _namespace;

    public async Task<string> Namespace(CancellationToken cancellation) => _namespace ??= await Find(cancellation);

    /// <summary>Looks again at the next question: namespaces and nodes come and go.</summary>
    public void Forget()
    {
        _namespace = null;
        _owners.Clear();
    }

    /// <summary>
    /// The owner references of an object about the node (Kubernetes removes the object after it); null for a node that the API does not know.
    /// </summary>
    public async Task<JsonArray?> Owners(NodeName node, CancellationToken cancellation)
    {
        if (!_owners.TryGetValue(node, out var known)) known = _owners[node] = await Read(node, cancellation);
        return known?.DeepClone().AsArray();
    }

    private async Task<string> Find(CancellationToken cancellation)
    {
        var found = await client.List(ResourceTypes.Namespaces, new ListQuery { FieldSelector = $"metadata.name={MetalLbNamespace}" }, cancellation);
        return found.Items is { Count: > 0 } ? MetalLbNamespace : client.Namespace;
    }

    private async Task<JsonArray?> Read(NodeName node, CancellationToken cancellation)
    {
        try
        {
            var found = await client.Get(ResourceTypes.Nodes, null, node.Value, cancellation);
            return [new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node.Value, ["uid"] = found.Metadata.Uid }];
        }
        catch (ApiException refusal) when (refusal.Reason is ApiReason.NotFound or ApiReason.Forbidden)
        {
            return null;
        }
    }
}
