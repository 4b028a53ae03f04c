using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>One entry of <c>managedFields</c>: who set which fields, by applying or by updating.</summary>
public sealed record FieldManager(string Name, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    /// <summary>
    /// The entry as it stands in an object, while nothing has been changed about it: most writes concern one manager, and leave the others as they are.
    /// </summary>
    private JsonObject? _source;
    private FieldSet? _fields;

    public FieldSet Fields
    {
        get => _fields ??= _source.Object("fieldsV1") is { Count: > 0 } fields ? FieldSet.FromJson(fields) : FieldSet.Empty;
        init => (_fields, _source) = (value, null);
    }

    public string Time { get; init; } = "";

    /// <summary>The same writer, writing in the same way.</summary>
    public bool IsSame(FieldManager other) =>
        (Name, Operation, ApiVersion, Subresource) == (other.Name, other.Operation, other.ApiVersion, other.Subresource);

    /// <summary>It owns nothing.</summary>
    public bool IsEmpty => _fields is null ? _source.Object("fieldsV1") is not { Count: > 0 } : _fields.IsEmpty;

    /// <summary>The manager without these fields.</summary>
    public FieldManager Without(FieldSet fields)
    {
        if (_fields is null && !fields.Children.Keys.Any(element => _source.Object("fieldsV1")?.ContainsKey(element) == true)) return this;
        var left = Fields.Except(fields);
        return ReferenceEquals(left, Fields) ? this : this with { Fields = left };
    }

    public JsonObject ToJson()
    {
        if (_source is not null) return _source.Parent is null ? _source : _source.Copy();
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
        _source = json,
    };
}
