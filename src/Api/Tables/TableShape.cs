using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Tables;

/// <summary>How the objects of a kind look as rows: the columns, and the cells of one object.</summary>
internal abstract class TableShape
{
    public abstract ImmutableArray<PrinterColumn> Columns { get; }

    public abstract IEnumerable<JsonNode?> Cells(JsonObject tree, DateTimeOffset now);

    /// <summary>The shape that users of kubectl expect of a core kind, or the one that its definition declares.</summary>
    public static TableShape For(ResourceType type) => CoreShapes.Find(type.Resource) ?? new DeclaredShape(type);
}
