using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Schemas;

/// <summary>Judges a value by its schema: every fault with the path of its field, worded as the Kubernetes API words it.</summary>
public static class SchemaValidator
{
    public static List<FieldError> Validate(JsonNode? value, Schema schema)
    {
        var errors = new List<FieldError>();
        Check(value, schema, "", errors);
        return errors;
    }

    internal static void Check(JsonNode? value, Schema schema, string path, List<FieldError> errors)
    {
        if (value is null)
        {
            if (!schema.Nullable && schema.Type.Length > 0)
                errors.Add(FieldError.WrongType(path, null, $"{Name(path)} in body must be of type {schema.Type}: \"null\""));
            return;
        }
        if (!HasType(value, schema))
        {
            errors.Add(FieldError.WrongType(path, value, $"{Name(path)} in body must be of type {Wanted(schema)}: \"{value.TypeName()}\""));
            return;
        }
        CheckEnum(value, schema, path, errors);
        CheckByType(value, schema, path, errors);
        CheckCombinations(value, schema, path, errors);
    }

    internal static string Name(string path) => path.Length == 0 ? "<nil>" : path;

    private static string Wanted(Schema schema) => schema.IntOrString ? "integer,string" : schema.Type;

    private static bool HasType(JsonNode value, Schema schema) => schema switch
    {
        { IntOrString: true } => value.GetValueKind() == JsonValueKind.String || IsWhole(value),
        { Type: "" } => true,
        { Type: "object" } => value is JsonObject,
        { Type: "array" } => value is JsonArray,
        { Type: "string" } => value.GetValueKind() == JsonValueKind.String,
        { Type: "boolean" } => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        { Type: "number" } => value.GetValueKind() == JsonValueKind.Number,
        { Type: "integer" } => IsWhole(value),
        _ => false,
    };

    private static bool IsWhole(JsonNode value) => value.GetValueKind() == JsonValueKind.Number && value.AsWhole() is not null;

    private static void CheckEnum(JsonNode value, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.Enum.IsEmpty || schema.Enum.Any(allowed => JsonNode.DeepEquals(allowed, value))) return;
        errors.Add(FieldError.NotSupported(path, value, schema.Enum.Select(allowed => allowed.AsText() ?? allowed?.ToJsonString() ?? "null")));
    }

    private static void CheckByType(JsonNode value, Schema schema, string path, List<FieldError> errors)
    {
        switch (value)
        {
            case JsonObject map: ObjectChecks.Check(map, schema, path, errors); break;
            case JsonArray list: ListChecks.Check(list, schema, path, errors); break;
            default: ScalarChecks.Check((JsonValue)value, schema, path, errors); break;
        }
    }

    private static void CheckCombinations(JsonNode value, Schema schema, string path, List<FieldError> errors)
    {
        foreach (var part in schema.AllOf) Check(value, part, path, errors);
        if (!schema.AnyOf.IsEmpty && !schema.AnyOf.Any(part => Accepts(value, part, path)))
            errors.Add(FieldError.Invalid(path, value, $"{Name(path)} in body must validate at least one schema (anyOf)"));
        if (!schema.OneOf.IsEmpty && schema.OneOf.Count(part => Accepts(value, part, path)) != 1)
            errors.Add(FieldError.Invalid(path, value, $"{Name(path)} in body must validate one and only one schema (oneOf)"));
        if (schema.Not is { } not && Accepts(value, not, path))
            errors.Add(FieldError.Invalid(path, value, $"{Name(path)} in body must not validate the schema (not)"));
    }

    private static bool Accepts(JsonNode value, Schema schema, string path)
    {
        var errors = new List<FieldError>();
        Check(value, schema, path, errors);
        return errors.Count == 0;
    }
}
