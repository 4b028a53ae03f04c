using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>One entry of <c>managedFields</c>: who set which fields, by applying or by updating.</summary>
public sealed record FieldManager(string Name, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public FieldSet Fields { get; init; } = FieldSet.Empty;

    public string Time { get; init; } = "";

    /// <summary>The same writer, writing in the same way.</summary>
    public bool IsSame(FieldManager other) =>
        (Name, Operation, ApiVersion, Subresource) == (other.Name, other.Operation, other.ApiVersion, other.Subresource);

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["manager"] = Name,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
        };
        if (Subresource.Length > 0) json["subresource"] = Subresource;
        return json;
    }

    public static FieldManager FromJson(JsonObject json) => new(
        json.Text("manager") ?? "", json.Text("operation") ?? "", json.Text("apiVersion") ?? "", json.Text("subresource") ?? "")
    {
        Time = json.Text("time") ?? "",
        Fields = json.Object("fieldsV1") is { Count: > 0 } fields ? FieldSet.FromJson(fields) : FieldSet.Empty,
    };
}
