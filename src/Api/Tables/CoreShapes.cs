using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Kinds;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Tables;

/// <summary>The tables of the kinds whose columns are more than a path into the object.</summary>
internal static class CoreShapes
{
    private const char Wide = '+'; // shown with -o wide only
    private const char Whole = '#'; // a number

    private static readonly string[] OfEvents =
        ["Last Seen", "Type", "Reason", "Object", "+Subobject", "+Source", "Message", "+First Seen", "+Count", "+Name"];

    private static readonly FrozenDictionary<GroupResource, TableShape> Shapes = new Dictionary<GroupResource, TableShape>
    {
        [KnownResources.Services] = new CoreShape(ServiceCells.Of, "Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "+Selector"),
        [KnownResources.Nodes] = new CoreShape(NodeCells.Of,
            "Name", "Status", "Roles", "Age", "Version", "+Internal-IP", "+External-IP", "+OS-Image", "+Kernel-Version", "+Container-Runtime"),
        [KnownResources.Events] = new CoreShape(EventCells.Of, OfEvents),
        [EventVersions.Newer] = new CoreShape(EventCells.OfNewer, OfEvents),
        [KnownResources.Pods] = new CoreShape(PodCells.Of, "Name", "Ready", "Status", "Restarts", "Age", "+IP", "+Node"),
        [KnownResources.ConfigMaps] = new CoreShape(DataCells.OfConfigMap, "Name", "Data", "Age"),
        [KnownResources.Secrets] = new CoreShape(DataCells.OfSecret, "Name", "Type", "#Data", "Age"),
        [KnownResources.EndpointSlices] = new CoreShape(EndpointCells.OfSlice, "Name", "AddressType", "Ports", "Endpoints", "Age"),
        [new("", "endpoints")] = new CoreShape(EndpointCells.OfEndpoints, "Name", "Endpoints", "Age"),
        [new("apps", "deployments")] = new CoreShape(WorkloadCells.OfDeployment, "Name", "Ready", "Up-to-date", "Available", "Age"),
        [new("apps", "daemonsets")] = new CoreShape(WorkloadCells.OfDaemonSet,
            "Name", "#Desired", "#Current", "#Ready", "#Up-to-date", "#Available", "Node Selector", "Age"),
    }.ToFrozenDictionary();

    public static TableShape? Find(GroupResource resource) => Shapes.GetValueOrDefault(resource);

    public static string NameOf(JsonObject tree) => tree.Object("metadata").Text("name") ?? "";

    public static string AgeOf(JsonObject tree, DateTimeOffset now) => Ages.Since(tree.Object("metadata").Text("creationTimestamp"), now);

    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    private sealed class CoreShape(Func<JsonObject, DateTimeOffset, IEnumerable<JsonNode?>> cells, params string[] columns) : TableShape
    {
        public override ImmutableArray<PrinterColumn> Columns { get; } = [.. columns.Select(Column)];

        public override IEnumerable<JsonNode?> Cells(JsonObject tree, DateTimeOffset now) => cells(tree, now);

        private static PrinterColumn Column(string text)
        {
            if (text == DeclaredShape.Name.Name) return DeclaredShape.Name;
            var name = text.TrimStart(Wide, Whole);
            return new(name, text[0] == Whole ? "integer" : "string", "", name == DeclaredShape.Name.Name ? "name" : "", Priority: text[0] == Wide ? 1 : 0);
        }
    }
}
