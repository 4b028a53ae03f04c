using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>An object of a configuring kind, whole: its translation judges every field, so that one wrong type does not break the list it is in.</summary>
[JsonConverter(typeof(Converter))]
public sealed record CustomObject(Mapping Root) : IApiObject
{
    public ObjectMeta Metadata { get; } = new()
    {
        Name = Root.Text("metadata", "name") ?? "",
        Namespace = Root.Text("metadata", "namespace"),
        Uid = Root.Text("metadata", "uid"),
        ResourceVersion = Root.Text("metadata", "resourceVersion"),
    };

    internal sealed class Converter : JsonConverter<CustomObject>
    {
        public override CustomObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonNodes.Read(ref reader) is Mapping root ? new CustomObject(WithoutHistory(root)) : throw new JsonException("An object was expected.");

        public override void Write(Utf8JsonWriter writer, CustomObject value, JsonSerializerOptions options) => value.Root.WriteTo(writer);

        // managedFields is larger than all the rest, and nobody reads it.
        private static Mapping WithoutHistory(Mapping root) => new([.. root.Fields.Select(WithoutHistory)], root.Line);

        private static Field WithoutHistory(Field field) => field is { Name: "metadata", Value: Mapping metadata }
            ? field with { Value = new Mapping([.. metadata.Fields.Where(entry => entry.Name != "managedFields")], metadata.Line) }
            : field;
    }
}
