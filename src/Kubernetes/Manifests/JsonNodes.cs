using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>Reads JSON into nodes: from the API without lines, from files with them.</summary>
internal static class JsonNodes
{
    private static readonly JsonReaderOptions FileOptions = new() { AllowMultipleValues = true, MaxDepth = YamlNodes.MaxDepth };

    /// <summary>Reads the value that the reader stands on.</summary>
    /// <exception cref="JsonException">A field is given twice.</exception>
    public static Node Read(ref Utf8JsonReader reader)
    {
        var lines = LineCounter.None;
        try
        {
            return Read(ref reader, ref lines);
        }
        catch (MalformedDocumentException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    /// <summary>Reads every value of a file; values may follow one another.</summary>
    public static IEnumerable<DocumentResult> ReadFile(byte[] utf8)
    {
        var found = new List<DocumentResult>();
        var reader = new Utf8JsonReader(utf8, FileOptions);
        var lines = new LineCounter(utf8);
        try
        {
            while (reader.Read()) found.Add(new DocumentResult.Loaded(Read(ref reader, ref lines)));
        }
        catch (JsonException fault)
        {
            found.Add(new DocumentResult.Malformed((int)(fault.LineNumber ?? 0) + 1, $"this is not JSON: {FirstSentence(fault.Message)}"));
        }
        catch (MalformedDocumentException fault)
        {
            found.Add(new DocumentResult.Malformed(fault.Line, fault.Message));
        }
        return found;
    }

    private static Node Read(ref Utf8JsonReader reader, ref LineCounter lines)
    {
        var line = lines.At(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, ref lines, line),
            JsonTokenType.StartArray => ReadArray(ref reader, ref lines, line),
            JsonTokenType.String => new Scalar(reader.GetString()!, ScalarKind.String, line),
            JsonTokenType.Number => new Scalar(Raw(ref reader), ScalarKind.Number, line),
            JsonTokenType.True => new Scalar("true", ScalarKind.Boolean, line),
            JsonTokenType.False => new Scalar("false", ScalarKind.Boolean, line),
            _ => new Scalar("null", ScalarKind.Null, line),
        };
    }

    private static Mapping ReadObject(ref Utf8JsonReader reader, ref LineCounter lines, int line)
    {
        var fields = ImmutableArray.CreateBuilder<Field>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var at = lines.At(reader.TokenStartIndex);
            if (!names.Add(name)) throw MalformedDocumentException.Duplicate(name, at);
            reader.Read();
            fields.Add(new Field(name, at, Read(ref reader, ref lines)));
        }
        return new Mapping(fields.DrainToImmutable(), line);
    }

    private static Sequence ReadArray(ref Utf8JsonReader reader, ref LineCounter lines, int line)
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Read(ref reader, ref lines));
        return new Sequence(items.DrainToImmutable(), line);
    }

    private static string Raw(ref Utf8JsonReader reader) =>
        Encoding.UTF8.GetString(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan);

    // The rest of the message repeats the line and a byte position that mean nothing to an author.
    private static string FirstSentence(string message) => message.Split(" LineNumber:", 2)[0].TrimEnd('.', ' ') + ".";

    /// <summary>Counts lines up to positions that only ever grow.</summary>
    private struct LineCounter(byte[] text)
    {
        public static LineCounter None => new([]);

        private readonly byte[] _text = text;
        private int _position;
        private int _line = text.Length == 0 ? 0 : 1;

        public int At(long position)
        {
            var end = (int)Math.Min(position, _text.Length);
            if (end > _position)
            {
                _line += _text.AsSpan(_position, end - _position).Count((byte)'\n');
                _position = end;
            }
            return _line;
        }
    }
}
