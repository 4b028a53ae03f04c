using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>One value of a YAML or JSON document, with the line it starts on (0 when it did not come from a file).</summary>
[JsonConverter(typeof(NodeConverter))]
public abstract class Node
{
    private protected Node(int line, int weight) => (Line, Weight) = (line, weight);

    public int Line { get; }

    /// <summary>How many values this one stands for when its aliases are written out.</summary>
    internal int Weight { get; }

    /// <summary>What a message calls this kind of value.</summary>
    public abstract string Describe();

    public abstract void WriteTo(Utf8JsonWriter writer);

    public static int WeightOf(IEnumerable<Node> children) => (int)Math.Min(int.MaxValue, 1 + children.Sum(child => (long)child.Weight));

    public byte[] ToJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>A field of a <see cref="Mapping"/>: its name, the line of the name, its value.</summary>
public readonly record struct Field(string Name, int Line, Node Value);

/// <summary>Named fields in the order they were written; no name occurs twice.</summary>
[JsonConverter(typeof(MappingConverter))]
public sealed class Mapping(ImmutableArray<Field> fields, int line) : Node(line, WeightOf(fields.Select(field => field.Value)))
{
    public static readonly Mapping Empty = new([], 0);

    public ImmutableArray<Field> Fields { get; } = fields;

    public Node? this[string name]
    {
        get
        {
            foreach (var field in Fields)
            {
                if (field.Name == name) return field.Value;
            }
            return null;
        }
    }

    /// <summary>The text at a path of nested fields; null where any step is absent or the end is not a string.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        Node? at = this;
        foreach (var name in path) at = (at as Mapping)?[name];
        return at is Scalar { Kind: ScalarKind.String } scalar ? scalar.Text : null;
    }

    public override string Describe() => "an object";

    public override void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        foreach (var field in Fields)
        {
            writer.WritePropertyName(field.Name);
            field.Value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}

/// <summary>A list of values.</summary>
public sealed class Sequence(ImmutableArray<Node> items, int line) : Node(line, WeightOf(items))
{
    public ImmutableArray<Node> Items { get; } = items;

    public override string Describe() => "a list";

    public override void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var item in Items) item.WriteTo(writer);
        writer.WriteEndArray();
    }
}

/// <summary>What a <see cref="Scalar"/> is in JSON.</summary>
public enum ScalarKind
{
    String,
    Number,
    Boolean,
    Null,
}

/// <summary>A string, number, boolean or null. <see cref="Text"/> is its JSON form without quotes, <see cref="Written"/> what the author wrote.</summary>
public sealed class Scalar(string text, ScalarKind kind, int line, string? written = null) : Node(line, 1)
{
    public string Text { get; } = text;

    public ScalarKind Kind { get; } = kind;

    public string Written { get; } = written ?? text;

    public override string Describe() => Kind switch
    {
        ScalarKind.Null => "nothing",
        ScalarKind.String => $"the string '{Text}'",
        ScalarKind.Boolean => $"the boolean {Written}",
        _ => $"the number {Written}",
    };

    public override void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Kind == ScalarKind.String) writer.WriteStringValue(Text);
        else writer.WriteRawValue(Text);
    }
}
