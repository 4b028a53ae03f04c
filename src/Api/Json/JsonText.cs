using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansLb.Api.Json;

/// <summary>Reads and writes JSON trees: every value materialised, repeated keys noted and the last one kept, as the Kubernetes API does.</summary>
public static class JsonText
{
    /// <summary>Deeper nesting than any object has; it bounds every recursion over one.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
        SkipValidation = true,
    };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, List<string>? duplicates = null)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var node = ReadValue(ref reader, "", duplicates);
        if (reader.Read()) throw new JsonException("there is text after the end of the document");
        return node;
    }

    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8) =>
        Parse(utf8) as JsonObject ?? throw new JsonException("an object was expected");

    /// <summary>
    /// Those members of the object that are wanted, less the members named <paramref name="without"/> at whatever depth
    /// below: what is left out is not even read.
    /// </summary>
    public static JsonObject ParsePart(ReadOnlySpan<byte> utf8, Func<string, bool> wanted, string without)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("an object was expected");
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (wanted(name)) result[name] = ReadValue(ref reader, "", null, without);
            else reader.Skip();
        }
        return result;
    }

    public static byte[] ToBytes(JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static int DepthOf(JsonNode? node) => node switch
    {
        JsonObject map => 1 + map.Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
        JsonArray list => 1 + list.Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, List<string>? duplicates, string? without = null) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, path, duplicates, without),
        JsonTokenType.StartArray => ReadArray(ref reader, path, duplicates, without),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : Real(reader.GetDouble()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        _ => null,
    };

    private static JsonValue Real(double number) => double.IsFinite(number) ? JsonValue.Create(number) : throw new JsonException("a number is out of range");

    private static JsonObject ReadObject(ref Utf8JsonReader reader, string path, List<string>? duplicates, string? without)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var child = duplicates is null ? "" : path.Length == 0 ? name : $"{path}.{name}";
            reader.Read();
            if (name == without)
            {
                reader.Skip();
                continue;
            }
            var value = ReadValue(ref reader, child, duplicates, without);
            if (result.TryAdd(name, value)) continue;
            duplicates?.Add(child);
            result[name] = value;
        }
        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, string path, List<string>? duplicates, string? without)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            result.Add(ReadValue(ref reader, duplicates is null ? "" : $"{path}[{result.Count}]", duplicates, without));
        return result;
    }
}
