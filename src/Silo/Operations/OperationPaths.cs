using OrleansLb.Core;

namespace OrleansLb.Silo.Operations;

/// <summary>Where operators tell the service over HTTP what to do.</summary>
internal static class OperationPaths
{
    public const string Move = "/orleanslb/v1/services/{namespace}/{name}/move";
    public const string Drain = "/orleanslb/v1/nodes/{node}/drain";
    public const string Undrain = "/orleanslb/v1/nodes/{node}/undrain";

    public static string MoveOf(ServiceName service, NodeName to) =>
        $"/orleanslb/v1/services/{Uri.EscapeDataString(service.Namespace)}/{Uri.EscapeDataString(service.Name)}/move?to={Uri.EscapeDataString(to.Value)}";

    public static string DrainOf(NodeName node) => $"/orleanslb/v1/nodes/{Uri.EscapeDataString(node.Value)}/drain";

    public static string UndrainOf(NodeName node) => $"/orleanslb/v1/nodes/{Uri.EscapeDataString(node.Value)}/undrain";
}
