using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Schemas;

/// <summary>What a schema asks of a string or a number: its length, pattern, format and bounds.</summary>
internal static class ScalarChecks
{
    public static void Check(JsonValue value, Schema schema, string path, List<FieldError> errors)
    {
        if (value.AsText() is { } text) CheckText(text, schema, path, errors);
        else if (value.AsReal() is { } number) CheckNumber(value, number, schema, path, errors);
    }

    private static void CheckText(string text, Schema schema, string path, List<FieldError> errors)
    {
        var length = schema is { MinLength: null, MaxLength: null } ? 0 : LengthOf(text);
        if (length < schema.MinLength)
            errors.Add(FieldError.Invalid(path, text, $"{SchemaValidator.Name(path)} in body should be at least {schema.MinLength} chars long"));
        if (length > schema.MaxLength) errors.Add(FieldError.TooLong(path, schema.MaxLength.Value));
        if (schema.Pattern is { } pattern && !pattern.Matches(text))
            errors.Add(FieldError.Invalid(path, text, $"{SchemaValidator.Name(path)} in body should match '{pattern}'"));
        if (!Formats.Accepts(schema.Format, text))
            errors.Add(FieldError.Invalid(path, text,
                $"{SchemaValidator.Name(path)} in body must be of type {schema.Format}: {JsonValue.Create(text).ToJsonString()}"));
    }

    private static void CheckNumber(JsonValue value, double number, Schema schema, string path, List<FieldError> errors)
    {
        var name = SchemaValidator.Name(path);
        if (number < schema.Minimum || (schema.ExclusiveMinimum && number == schema.Minimum))
            errors.Add(FieldError.Invalid(path, value,
                $"{name} in body should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{Shown(schema.Minimum)}"));
        if (number > schema.Maximum || (schema.ExclusiveMaximum && number == schema.Maximum))
            errors.Add(FieldError.Invalid(path, value,
                $"{name} in body should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{Shown(schema.Maximum)}"));
        if (schema.MultipleOf is { } step && step != 0 && number % step != 0)
            errors.Add(FieldError.Invalid(path, value, $"{name} in body should be a multiple of {Shown(step)}"));
        if (schema.Format == "int32" && value.AsWhole() is < int.MinValue or > int.MaxValue)
            errors.Add(FieldError.Invalid(path, value, $"{name} in body must be of type int32"));
    }

    /// <summary>In characters: what takes two places in a .NET string is one.</summary>
    private static int LengthOf(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes()) length++;
        return length;
    }

    private static string Shown(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
