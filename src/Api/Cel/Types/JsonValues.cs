using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Types;

/// <summary>Reads JSON as the CEL value that its type asks for.</summary>
internal static class JsonValues
{
    public static CelValue Read(JsonNode? node, CelType type) => node switch
    {
        null when type.IsNullable || (type.Kind == CelKind.Any && !type.IsIntOrString) => CelValue.Null,
        null => new CelError("invalid data, got null for schema with nullable=false"),
        JsonObject map when type.Kind is CelKind.Map or CelKind.Any => new JsonMap(map, type),
        JsonArray list when type.Kind is CelKind.List or CelKind.Any => new JsonList(list, type),
        JsonValue value => ReadScalar(value, type),
        _ => Mismatch(type),
    };

    private static CelValue ReadScalar(JsonValue value, CelType type) => (value.GetValueKind(), type.Kind) switch
    {
        (JsonValueKind.True, CelKind.Bool or CelKind.Any) => CelValue.True,
        (JsonValueKind.False, CelKind.Bool or CelKind.Any) => CelValue.False,
        (JsonValueKind.String, _) => ReadText(value.TryGetValue<string>(out var text) ? text : value.ToString(), type),
        (JsonValueKind.Number, _) => ReadNumber(value.ToJsonString(), type),
        _ => Mismatch(type),
    };

    private static CelValue ReadNumber(string digits, CelType type)
    {
        if (type.Kind != CelKind.Double && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return type.Kind is CelKind.Int or CelKind.Any ? new CelInt(whole) : Mismatch(type);
        var real = double.Parse(digits, CultureInfo.InvariantCulture);
        if (type.Kind == CelKind.Int && double.IsInteger(real) && Math.Abs(real) < long.MaxValue) return new CelInt((long)real);
        return type.Kind == CelKind.Double || (type.Kind == CelKind.Any && !type.IsIntOrString) ? new CelDouble(real) : Mismatch(type);
    }

    private static CelValue ReadText(string text, CelType type) => type.Kind switch
    {
        CelKind.String or CelKind.Any => new CelString(text),
        CelKind.Duration =>
            CelTime.ParseDuration(text, withDays: true) is { } nanoseconds ? new CelDuration(nanoseconds) : new CelError($"Invalid duration {text}"),
        CelKind.Timestamp => (CelTime.ParseTimestamp(text) ?? CelTime.ParseTimestamp($"{text}T00:00:00Z")) is { } moment
            ? new CelTimestamp(moment)
            : new CelError($"Invalid date-time formatted string {text}"),
        CelKind.Bytes => ReadBytes(text),
        _ => Mismatch(type),
    };

    private static CelValue ReadBytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? new CelBytes([.. bytes.AsSpan(0, length)])
            : new CelError($"Invalid byte formatted string {text}");
    }

    private static CelError Mismatch(CelType type) =>
        new(type.IsIntOrString ? "invalid data, expected XIntOrString value to be either a string or integer" : $"invalid data, expected {type}");
}
