using System.Text.Json.Nodes;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Schemas;

/// <summary>What a schema asks of an object: required members, their number, and each by its own schema.</summary>
internal static class ObjectChecks
{
    public static void Check(JsonObject map, Schema schema, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Required)
            if (!map.ContainsKey(name)) errors.Add(FieldError.Required(Join(path, name)));
        if (map.Count < schema.MinProperties)
            errors.Add(FieldError.Invalid(path, map.Count, $"{SchemaValidator.Name(path)} in body should have at least {schema.MinProperties} properties"));
        if (map.Count > schema.MaxProperties) errors.Add(FieldError.TooMany(path, map.Count, schema.MaxProperties.Value));
        foreach (var (name, child) in map)
            if (schema.Member(name) is { } member) SchemaValidator.Check(child, member, Join(path, name), errors);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
