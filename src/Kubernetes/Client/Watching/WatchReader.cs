using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>
/// Reads the newline-delimited JSON of a watch as it arrives. An event that the end of the stream cuts off is dropped: the next watch brings it again.
/// </summary>
internal static class WatchReader
{
    private const string EndOfInitialEvents = "k8s.io/initial-events-end";
    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true };

    public static async IAsyncEnumerable<WatchEvent<T>> Read<T>(Stream stream, JsonTypeInfo<T> json, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class, IApiObject
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        var events = new List<WatchEvent<T>>();
        long scanned = 0;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (NextLine(ref rest, ref scanned, out var line)) Parse(line, json, events);
            pipe.AdvanceTo(rest.Start, read.Buffer.End);
            foreach (var found in events) yield return found;
            events.Clear();
            if (read.IsCompleted) break;
        }
        await pipe.CompleteAsync();
    }

    // A line may be longer than a megabyte: what was searched for its end once is not searched again.
    private static bool NextLine(ref ReadOnlySequence<byte> buffer, ref long scanned, out ReadOnlySequence<byte> line)
    {
        if (buffer.Slice(scanned).PositionOf((byte)'\n') is not { } end)
        {
            scanned = buffer.Length;
            line = default;
            return false;
        }
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        scanned = 0;
        return true;
    }

    private static void Parse<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> json, List<WatchEvent<T>> events)
        where T : class, IApiObject
    {
        var reader = new Utf8JsonReader(line, Options);
        while (reader.Read()) events.Add(ParseEvent(ref reader, line, json));
    }

    private static WatchEvent<T> ParseEvent<T>(ref Utf8JsonReader reader, ReadOnlySequence<byte> line, JsonTypeInfo<T> json)
        where T : class, IApiObject
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("A watch event must be an object.");
        string? type = null;
        ReadOnlySequence<byte> body = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isBody = reader.ValueTextEquals("object"u8);
            reader.Read();
            var start = reader.TokenStartIndex;
            if (isType) type = reader.GetString();
            reader.Skip();
            if (isBody) body = line.Slice(start, reader.BytesConsumed - start);
        }
        return Interpret(type, body, json);
    }

    private static WatchEvent<T> Interpret<T>(string? type, ReadOnlySequence<byte> body, JsonTypeInfo<T> json)
        where T : class, IApiObject => type switch
        {
            "ADDED" or "MODIFIED" when Deserialize(body, json) is var item =>
                new WatchEvent<T>.Changed(new Change<T>.Upsert(item), item.Metadata.ResourceVersion),
            "DELETED" when Deserialize(body, json) is var item => new WatchEvent<T>.Changed(new Change<T>.Delete(item), item.Metadata.ResourceVersion),
            "BOOKMARK" when Deserialize(body, ClientJson.Default.PartialObject) is var mark =>
                new WatchEvent<T>.Bookmark(mark.Metadata.ResourceVersion, mark.Metadata.Annotations?.GetValueOrDefault(EndOfInitialEvents) == "true"),
            "ERROR" => new WatchEvent<T>.Failed(Deserialize(body, ClientJson.Default.ApiStatus)),
            _ => throw new JsonException($"'{type}' is no type of watch event."),
        };

    private static TValue Deserialize<TValue>(ReadOnlySequence<byte> body, JsonTypeInfo<TValue> json)
        where TValue : class
    {
        var reader = new Utf8JsonReader(body);
        return JsonSerializer.Deserialize(ref reader, json) ?? throw new JsonException("A watch event must have an object.");
    }
}
