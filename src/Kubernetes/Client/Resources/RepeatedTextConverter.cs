using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>Reads text that thousands of objects have alike, such as a namespace or the type of a condition, as one string instead of as many.</summary>
internal sealed class RepeatedTextConverter : JsonConverter<string>
{
    /// <summary>In bytes; what is longer is hardly ever repeated.</summary>
    private const int LongestKept = 64;

    /// <summary>What was read last of each hash. Threads that write one place at once lose nothing but the use of it.</summary>
    private static readonly string?[] Recent = new string?[1024];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Text(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>The text that the reader stands at, a value or a name.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > LongestKept) return reader.GetString();
        var place = PlaceOf(reader.ValueSpan);
        if (Recent[place] is { } known && Ascii.Equals(reader.ValueSpan, known)) return known;
        return Recent[place] = reader.GetString();
    }

    private static int PlaceOf(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return (int)((uint)hash.ToHashCode() % Recent.Length);
    }
}
