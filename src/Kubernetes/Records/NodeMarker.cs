using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>Marks a Node by an annotation, which <c>kubectl annotate</c> may set and take off as well.</summary>
public sealed class NodeMarker(ApiClient client) : INodeMarker
{
    public async Task<NodeMark> Drain(NodeName node, bool draining, CancellationToken cancellation)
    {
        var annotations = new JsonObject { [NodeTranslator.DrainAnnotation] = draining ? "true" : null };
        var patch = Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } });
        try
        {
            await client.Patch(ResourceTypes.Nodes, new ObjectPath(null, node.Value), patch, cancellation);
            return NodeMark.Written;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return NodeMark.NoSuchNode;
        }
        catch (ApiException refusal) when (refusal.Lacks is not null)
        {
            return NodeMark.Forbidden;
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            throw new RecordUnavailableException($"Node {node} could not be marked: {fault.Message}", fault);
        }
    }
}
