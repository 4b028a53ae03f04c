using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Tables;

/// <summary>Objects as a <c>meta.k8s.io</c> Table, which is what <c>kubectl get</c> prints.</summary>
internal sealed class TableRenderer(ResourceType type, string? includeObject, DateTimeOffset now)
{
    private readonly TableShape _shape = TableShape.For(type);

    public JsonObject Table(IEnumerable<JsonObject> trees, JsonObject listMetadata, bool withColumns = true) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = listMetadata,
        ["columnDefinitions"] = withColumns ? new JsonArray([.. _shape.Columns.Select(Definition)]) : null,
        ["rows"] = new JsonArray([.. trees.Select(Row)]),
    };

    private static JsonNode Definition(PrinterColumn column) => new JsonObject
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private JsonNode Row(JsonObject tree)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. _shape.Cells(tree, now)]) };
        if (includeObject == "Object") row["object"] = tree;
        else if (includeObject != "None") row["object"] = PartialMetadata.Of(tree);
        return row;
    }
}
