using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Tables;

/// <summary>The tables of the kinds whose columns are more than a path into the object.</summary>
internal static class CoreShapes
{
    private static readonly PrinterColumn Name = DeclaredShape.Name;
    private static readonly PrinterColumn Age = new("Age", "string", "");

    private static readonly FrozenDictionary<GroupResource, TableShape> Shapes = new Dictionary<GroupResource, TableShape>
    {
        [KnownResources.Services] = new CoreShape(
            [Name, new("Type", "string", ""), new("Cluster-IP", "string", ""), new("External-IP", "string", ""), new("Port(s)", "string", ""), Age, new("Selector", "string", "", Priority: 1)], ServiceCells.Of),
        [KnownResources.Nodes] = new CoreShape(
            [Name, new("Status", "string", ""), new("Roles", "string", ""), Age, new("Version", "string", ""), new("Internal-IP", "string", "", Priority: 1), new("External-IP", "string", "", Priority: 1),
                new("OS-Image", "string", "", Priority: 1), new("Kernel-Version", "string", "", Priority: 1), new("Container-Runtime", "string", "", Priority: 1)], NodeCells.Of),
        [KnownResources.Events] = new CoreShape(
            [new("Last Seen", "string", ""), new("Type", "string", ""), new("Reason", "string", ""), new("Object", "string", ""), new("Subobject", "string", "", Priority: 1), new("Source", "string", "", Priority: 1),
                new("Message", "string", ""), new("First Seen", "string", "", Priority: 1), new("Count", "string", "", Priority: 1), new("Name", "string", "", "name", "", 1)], EventCells.Of),
        [Kinds.EventVersions.Newer] = new CoreShape(
            [new("Last Seen", "string", ""), new("Type", "string", ""), new("Reason", "string", ""), new("Object", "string", ""), new("Subobject", "string", "", Priority: 1), new("Source", "string", "", Priority: 1),
                new("Message", "string", ""), new("First Seen", "string", "", Priority: 1), new("Count", "string", "", Priority: 1), new("Name", "string", "", "name", "", 1)], EventCells.OfNewer),
        [KnownResources.Pods] = new CoreShape(
            [Name, new("Ready", "string", ""), new("Status", "string", ""), new("Restarts", "string", ""), Age, new("IP", "string", "", Priority: 1), new("Node", "string", "", Priority: 1)], PodCells.Of),
        [KnownResources.ConfigMaps] = new CoreShape([Name, new("Data", "string", ""), Age], DataCells.OfConfigMap),
        [KnownResources.Secrets] = new CoreShape([Name, new("Type", "string", ""), new("Data", "integer", ""), Age], DataCells.OfSecret),
        [KnownResources.EndpointSlices] = new CoreShape(
            [Name, new("AddressType", "string", ""), new("Ports", "string", ""), new("Endpoints", "string", ""), Age], EndpointCells.OfSlice),
        [new("", "endpoints")] = new CoreShape([Name, new("Endpoints", "string", ""), Age], EndpointCells.OfEndpoints),
        [new("apps", "deployments")] = new CoreShape(
            [Name, new("Ready", "string", ""), new("Up-to-date", "string", ""), new("Available", "string", ""), Age], WorkloadCells.OfDeployment),
        [new("apps", "daemonsets")] = new CoreShape(
            [Name, new("Desired", "integer", ""), new("Current", "integer", ""), new("Ready", "integer", ""), new("Up-to-date", "integer", ""), new("Available", "integer", ""), new("Node Selector", "string", ""), Age], WorkloadCells.OfDaemonSet),
    }.ToFrozenDictionary();

    public static TableShape? Find(GroupResource resource) => Shapes.GetValueOrDefault(resource);

    public static string NameOf(JsonObject tree) => tree.Object("metadata").Text("name") ?? "";

    public static string AgeOf(JsonObject tree, DateTimeOffset now) => Ages.Since(tree.Object("metadata").Text("creationTimestamp"), now);

    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    private sealed class CoreShape(ImmutableArray<PrinterColumn> columns, Func<JsonObject, DateTimeOffset, IEnumerable<JsonNode?>> cells) : TableShape
    {
        public override ImmutableArray<PrinterColumn> Columns => columns;

        public override IEnumerable<JsonNode?> Cells(JsonObject tree, DateTimeOffset now) => cells(tree, now);
    }
}
