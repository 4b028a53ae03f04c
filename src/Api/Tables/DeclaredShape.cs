using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Tables;

/// <summary>The name, then the <c>additionalPrinterColumns</c> of the definition.</summary>
internal sealed class DeclaredShape(ResourceType type) : TableShape
{
    public static PrinterColumn Name { get; } = new("Name", "string", "", "name", "Name must be unique within a namespace.");

    private readonly ImmutableArray<(PrinterColumn Column, JsonPath Path)> _declared =
        [.. type.Columns.Select(column => (column, JsonPath.Parse(column.JsonPath)))];

    public override ImmutableArray<PrinterColumn> Columns => [Name, .. type.Columns];

    public override IEnumerable<JsonNode?> Cells(JsonObject tree, DateTimeOffset now)
    {
        yield return tree.Object("metadata").Text("name");
        foreach (var (column, path) in _declared) yield return Cell(column, path.Find(tree), now);
    }

    private static JsonNode? Cell(PrinterColumn column, JsonNode? value, DateTimeOffset now) => (column.Type, value) switch
    {
        (_, null) => null,
        ("date", _) => Ages.Since(value.AsText(), now),
        ("integer", _) => value.AsWhole(),
        ("number", _) => value.AsReal(),
        ("boolean", _) => value.DeepClone(),
        _ => value.AsText() ?? value.ToJsonString(),
    };
}
