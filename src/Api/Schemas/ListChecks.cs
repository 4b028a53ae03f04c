using System.Text.Json.Nodes;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Schemas;

/// <summary>What a schema asks of a list: its length, that sets and maps hold nothing twice, and each item by its own schema.</summary>
internal static class ListChecks
{
    public static void Check(JsonArray list, Schema schema, string path, List<FieldError> errors)
    {
        if (list.Count < schema.MinItems)
            errors.Add(FieldError.Invalid(path, list.Count, $"{SchemaValidator.Name(path)} in body should have at least {schema.MinItems} items"));
        if (list.Count > schema.MaxItems) errors.Add(FieldError.TooMany(path, list.Count, schema.MaxItems.Value));
        if (list.Count > 1 && schema.ListType == "map") CheckKeys(list, schema, path, errors);
        else if (list.Count > 1 && (schema.ListType == "set" || schema.UniqueItems)) CheckUnique(list, path, errors);
        if (schema.Items is not { } items) return;
        for (var i = 0; i < list.Count; i++) SchemaValidator.Check(list[i], items, $"{path}[{i}]", errors);
    }

    private static void CheckUnique(JsonArray list, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
            if (!seen.Add(list[i]?.ToJsonString() ?? "null")) errors.Add(FieldError.Duplicate($"{path}[{i}]", list[i]));
    }

    private static void CheckKeys(JsonArray list, Schema schema, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject item) continue;
            var key = KeyOf(item, schema);
            if (!seen.Add(key.ToJsonString())) errors.Add(FieldError.Duplicate($"{path}[{i}]", key));
        }
    }

    /// <summary>The members that identify an item of a list of type map.</summary>
    internal static JsonObject KeyOf(JsonObject item, Schema list) =>
        new(list.ListMapKeys.Where(item.ContainsKey).Select(name => KeyValuePair.Create(name, item[name]?.DeepClone())));
}
