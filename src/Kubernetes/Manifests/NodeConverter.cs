using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>Lets a <see cref="Node"/> stand in an object that the Kubernetes API sends or takes.</summary>
internal sealed class NodeConverter : JsonConverter<Node>
{
    public override Node Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonNodes.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Node value, JsonSerializerOptions options) => value.WriteTo(writer);
}

/// <summary>The same for a value that must be an object.</summary>
internal sealed class MappingConverter : JsonConverter<Mapping>
{
    public override Mapping Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonNodes.Read(ref reader) as Mapping ?? throw new JsonException("An object was expected.");

    public override void Write(Utf8JsonWriter writer, Mapping value, JsonSerializerOptions options) => value.WriteTo(writer);
}
