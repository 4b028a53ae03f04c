using System.Text.Json;

namespace OrleansLb.Kubernetes.Client;

/// <summary>One object, or a part of it such as <c>status</c>.</summary>
public readonly record struct ObjectPath(string? Namespace, string Name, string? Subresource = null);

/// <summary>What must still hold of an object for it to be deleted.</summary>
public readonly record struct Preconditions(string? Uid = null, string? ResourceVersion = null)
{
    internal HttpContent Content()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", "v1");
            writer.WriteString("kind", "DeleteOptions");
            writer.WriteStartObject("preconditions");
            if (Uid is not null) writer.WriteString("uid", Uid);
            if (ResourceVersion is not null) writer.WriteString("resourceVersion", ResourceVersion);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return new ByteArrayContent(buffer.WrittenSpan.ToArray()) { Headers = { ContentType = new("application/json") } };
    }
}
