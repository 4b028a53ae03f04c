using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>A time to the microsecond (metav1.MicroTime), which the API takes with exactly six digits.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct MicroTime(DateTimeOffset Value)
{
    public override string ToString() => Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    internal sealed class Converter : JsonConverter<MicroTime>
    {
        public override MicroTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetDateTimeOffset());

        public override void Write(Utf8JsonWriter writer, MicroTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
