using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Rules;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Schemas;

/// <summary>Whether a schema is structural: every node says its type, so that objects can be pruned and filled in by it.</summary>
internal static class StructuralSchema
{
    private static readonly string[] Types = ["object", "array", "string", "integer", "number", "boolean"];

    public static IEnumerable<FieldError> Validate(JsonObject schema, string path)
    {
        if (schema.Text("type") != "object") return [FieldError.Invalid($"{path}.type", schema["type"], "must be object at the root")];
        return Nodes(schema, path).Concat(Compiles(schema, path)).Concat(Rules(schema, path));
    }

    private static IEnumerable<FieldError> Rules(JsonObject schema, string path) =>
        SchemaRules.Compile(schema)
            .Faults.Select(fault => new FieldError("FieldValueInvalid", $"{path}.{fault.SchemaPath}", $"Invalid value: {fault.Message}"));

    private static IEnumerable<FieldError> Nodes(JsonObject schema, string path)
    {
        var free = schema.Flag("x-kubernetes-int-or-string") == true || schema.Flag("x-kubernetes-preserve-unknown-fields") == true;
        var type = schema.Text("type") ?? "";
        if (type.Length == 0 && !free) yield return FieldError.Required($"{path}.type", "must not be empty for specified object fields");
        if (type.Length > 0 && !Types.Contains(type)) yield return FieldError.NotSupported($"{path}.type", schema["type"], Types);
        if (schema.Object("properties") is not null && schema["additionalProperties"] is not null)
            yield return FieldError.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive");
        if (type == "array" && schema.Object("items") is null) yield return FieldError.Required($"{path}.items", "must be specified");
        foreach (var error in Children(schema, path).SelectMany(child => Nodes(child.Schema, child.Path))) yield return error;
    }

    private static IEnumerable<(JsonObject Schema, string Path)> Children(JsonObject schema, string path)
    {
        foreach (var (name, child) in schema.Object("properties") ?? [])
            if (child is JsonObject member) yield return (member, $"{path}.properties[{name}]");
        if (schema.Object("items") is { } items) yield return (items, $"{path}.items");
        if (schema.Object("additionalProperties") is { } others) yield return (others, $"{path}.additionalProperties");
    }

    private static IEnumerable<FieldError> Compiles(JsonObject schema, string path)
    {
        try
        {
            SchemaReader.Read(schema);
            return [];
        }
        catch (ArgumentException error)
        {
            return [FieldError.Invalid(path, "pattern", error.Message)];
        }
    }
}
