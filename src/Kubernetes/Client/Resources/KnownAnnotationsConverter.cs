using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>Keeps the annotations that some dialect means for a load balancer, and drops the rest: a Service may carry 256 KiB of them.</summary>
internal sealed class KnownAnnotationsConverter : JsonConverter<Dictionary<string, string>>
{
    private static readonly string[] Domains = ["orleanslb.io", "metallb.io", "metallb.universe.tf", "kubesphere.io", "k8s.io"];

    public override Dictionary<string, string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("metadata.annotations must be an object.");
        Dictionary<string, string>? kept = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = RepeatedTextConverter.Text(ref reader)!;
            reader.Read();
            if (IsKnown(key)) (kept ??= new(StringComparer.Ordinal))[key] = RepeatedTextConverter.Text(ref reader) ?? "";
            else reader.TrySkip(); // the whole value has been read ahead, but Skip refuses to work on a body that still arrives
        }
        return kept;
    }

    public override void Write(Utf8JsonWriter writer, Dictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value) writer.WriteString(key, text);
        writer.WriteEndObject();
    }

    private static bool IsKnown(string key)
    {
        var domain = key.AsSpan(0, Math.Max(0, key.IndexOf('/')));
        foreach (var known in Domains)
        {
            if (domain.EndsWith(known, StringComparison.Ordinal) && (domain.Length == known.Length || domain[^(known.Length + 1)] == '.')) return true;
        }
        return false;
    }
}
