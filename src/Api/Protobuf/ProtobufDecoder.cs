using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Protobuf;

/// <summary>Turns protobuf messages into the JSON that they stand for. What it does not know it refuses, so that nothing is dropped unseen.</summary>
internal static class ProtobufDecoder
{
    private const int MaxDepth = 32;

    public static JsonObject Decode(ReadOnlySpan<byte> bytes, string message, int depth = 0)
    {
        var fields = ProtobufMessages.Find(message) ?? throw Unsupported($"kind {message}");
        if (depth > MaxDepth) throw Unsupported("this depth of nesting");
        var result = new JsonObject();
        var reader = new ProtobufReader(bytes);
        while (reader.TryNext(out var number, out var whole, out var value))
        {
            if (!fields.TryGetValue(number, out var field)) throw Unsupported($"field {number} of {message}");
            Put(result, field, whole, value, depth);
        }
        return reader.Broken ? throw ApiError.BadRequest($"the protobuf message {message} is cut short or malformed").AsException() : result;
    }

    private static void Put(JsonObject result, ProtobufField field, long whole, ReadOnlySpan<byte> value, int depth)
    {
        if (field.Type is "map" or "mapbytes") PutEntry(result.Ensure(field.Member), value, field.Type == "mapbytes");
        else if (Value(field, whole, value, depth) is { } decoded) Store(result, field, decoded);
    }

    private static void Store(JsonObject result, ProtobufField field, JsonNode decoded)
    {
        if (!field.Repeated) result[field.Member] = decoded;
        else if (result[field.Member] is JsonArray list) list.Add(decoded);
        else result[field.Member] = new JsonArray(decoded);
    }

    /// <summary>Null where Go's empty value means that nothing was said.</summary>
    private static JsonNode? Value(ProtobufField field, long whole, ReadOnlySpan<byte> value, int depth) => field.Type switch
    {
        "text" => value.IsEmpty && !field.Repeated ? null : ProtobufReader.Text(value),
        "int" => whole == 0 && !field.KeepsZero ? null : whole,
        "bool" => whole == 0 && !field.KeepsZero ? null : whole != 0,
        "Time" => value.IsEmpty ? null : Time(value, depth, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        "MicroTime" => value.IsEmpty ? null : Time(value, depth, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        "IntOrString" => IntOrString(value),
        "RawJson" => RawJson(value),
        _ => Decode(value, field.Type, depth + 1),
    };

    private static void PutEntry(JsonObject map, ReadOnlySpan<byte> entry, bool bytes)
    {
        var (key, text) = ("", "");
        var reader = new ProtobufReader(entry);
        while (reader.TryNext(out var number, out _, out var value))
        {
            if (number == 1) key = ProtobufReader.Text(value);
            else text = bytes ? Convert.ToBase64String(value) : ProtobufReader.Text(value);
        }
        map[key] = text;
    }

    private static JsonValue Time(ReadOnlySpan<byte> value, int depth, string format)
    {
        var parts = Decode(value, "Time", depth + 1);
        var ticks = ((parts.Whole("seconds") ?? 0) * TimeSpan.TicksPerSecond) + ((parts.Whole("nanos") ?? 0) / 100);
        if (ticks > DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks || ticks < -DateTime.UnixEpoch.Ticks)
            throw ApiError.BadRequest("a time is out of range").AsException();
        return JsonValue.Create(DateTime.UnixEpoch.AddTicks(ticks).ToString(format, CultureInfo.InvariantCulture));
    }

    private static JsonNode IntOrString(ReadOnlySpan<byte> value)
    {
        var (kind, number, text) = (0L, 0L, "");
        var reader = new ProtobufReader(value);
        while (reader.TryNext(out var field, out var whole, out var bytes))
        {
            if (field == 1) kind = whole;
            else if (field == 2) number = whole;
            else if (field == 3) text = ProtobufReader.Text(bytes);
        }
        return kind == 0 ? number : text;
    }

    private static JsonNode? RawJson(ReadOnlySpan<byte> value)
    {
        var reader = new ProtobufReader(value);
        try
        {
            return reader.TryNext(out _, out _, out var raw) && !raw.IsEmpty ? JsonText.Parse(raw) : null;
        }
        catch (JsonException error)
        {
            throw ApiError.BadRequest($"fieldsV1 is not JSON: {error.Message}").AsException();
        }
    }

    private static ApiException Unsupported(string what) =>
        new ApiError(415, "UnsupportedMediaType", $"{what} is not understood in protobuf here: send application/json").AsException();
}
