using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansLb.Kubernetes.Client;

/// <summary>A change to an object in one of the four forms that the API takes.</summary>
public sealed class Patch
{
    private readonly byte[] _bytes;
    private readonly string _mediaType;

    private Patch(byte[] bytes, string mediaType, string query = "") => (_bytes, _mediaType, Query) = (bytes, mediaType, query);

    internal string Query { get; }

    internal HttpContent Content() => new ByteArrayContent(_bytes) { Headers = { ContentType = new(_mediaType) } };

    /// <summary>RFC 7386: fields replace fields, null removes, lists are replaced whole.</summary>
    public static Patch Merge(JsonObject change) => new(Bytes(change), "application/merge-patch+json");

    /// <summary>Lists merge by their key; built-in kinds only.</summary>
    public static Patch Strategic(JsonObject change) => new(Bytes(change), "application/strategic-merge-patch+json");

    /// <summary>RFC 6902: a list of operations; <c>test</c> makes it conditional.</summary>
    public static Patch Json(JsonArray operations) => new(Bytes(operations), "application/json-patch+json");

    /// <summary>Server-side apply: all fields that <paramref name="fieldManager"/> owns, the same set each time.</summary>
    public static Patch Apply(JsonObject fields, string fieldManager, bool force) =>
        new(Bytes(fields), "application/apply-patch+yaml", $"?fieldManager={Uri.EscapeDataString(fieldManager)}{(force ? "&force=true" : "")}");

    /// <summary>One whose bytes are written by hand, for those that are written thousands of times.</summary>
    internal static Patch MergeOf(ReadOnlySpan<byte> json) => new(json.ToArray(), "application/merge-patch+json");

    internal static Patch StrategicOf(ReadOnlySpan<byte> json) => new(json.ToArray(), "application/strategic-merge-patch+json");

    private static byte[] Bytes(JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
