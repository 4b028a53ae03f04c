using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>
/// Reads YAML as Kubernetes does (YAML 1.1 scalars, anchors, merge keys), one document at a time so that a broken one does not spoil its neighbours.
/// </summary>
public static class YamlNodes
{
    /// <summary>Deeper nesting than any Kubernetes object has; it bounds the recursion.</summary>
    public const int MaxDepth = 128;

    /// <summary>Aliases may not multiply a document beyond this many values.</summary>
    public const int MaxWeight = 1_000_000;

    public static IEnumerable<DocumentResult> ReadFile(string text)
    {
        foreach (var (document, line) in YamlDocuments.Split(text))
        {
            var result = ReadDocument(document, line);
            if (result is not DocumentResult.Loaded { Root: Scalar { Kind: ScalarKind.Null } }) yield return result;
        }
    }

    /// <summary>Reads one document; a null scalar stands for an empty one.</summary>
    public static DocumentResult ReadDocument(string text, int firstLine = 1)
    {
        var composer = new Composer(new Parser(new StringReader(text)), firstLine - 1);
        try
        {
            return new DocumentResult.Loaded(composer.Document());
        }
        catch (YamlException fault)
        {
            var cause = fault.InnerException is YamlException inner ? inner : fault;
            return new DocumentResult.Malformed((int)cause.Start.Line + firstLine - 1, $"this is not YAML: {Cause(cause.Message)}");
        }
        catch (MalformedDocumentException fault)
        {
            return new DocumentResult.Malformed(fault.Line, fault.Message);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException
            or IndexOutOfRangeException)
        {
            // The scanner trips over some broken texts instead of refusing them, an unclosed bracket among them.
            return new DocumentResult.Malformed(composer.LastLine, $"this is not YAML: {Cause("a value that begins here or shortly before is not closed")}");
        }
    }

    private static string Cause(string message)
    {
        var cause = message.StartsWith('(') && message.IndexOf("): ", StringComparison.Ordinal) is > 0 and var end ? message[(end + 3)..] : message;
        return $"{cause.TrimEnd('.')}. Indent with blanks only, and line up the keys of one object.";
    }

    private sealed class Composer(IParser parser, int lineOffset)
    {
        private readonly Dictionary<AnchorName, Node> _anchors = [];

        /// <summary>The line of the last thing that could be read.</summary>
        public int LastLine => parser.Current is { } last ? Line(last) : lineOffset + 1;

        public Node Document()
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _)) return new Scalar("null", ScalarKind.Null, lineOffset + 1);
            var root = Value(depth: 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out var next))
            {
                throw new MalformedDocumentException(Line(parser.Current!), "a second document starts here without a '---' line before it.");
            }
            return root;
        }

        private Node Value(int depth)
        {
            if (depth > MaxDepth) throw new MalformedDocumentException(Line(parser.Current!), $"values are nested more than {MaxDepth} deep.");
            if (parser.TryConsume<AnchorAlias>(out var alias)) return Resolve(alias);
            var start = parser.Consume<NodeEvent>();
            Node node = start switch
            {
                YamlDotNet.Core.Events.Scalar scalar => YamlScalars.Resolve(scalar, Line(scalar)),
                MappingStart => Mapping(Line(start), depth),
                SequenceStart => Sequence(Line(start), depth),
                _ => throw new MalformedDocumentException(Line(start), "a value was expected here."),
            };
            if (node.Weight > MaxWeight) throw new MalformedDocumentException(Line(start), "its aliases expand to more values than any object may have.");
            if (!start.Anchor.IsEmpty) _anchors[start.Anchor] = node;
            return node;
        }

        private Node Resolve(AnchorAlias alias) => _anchors.TryGetValue(alias.Value, out var node)
            ? node
            : throw new MalformedDocumentException(Line(alias), $"the alias *{alias.Value} refers to an anchor that is not defined above it.");

        private Sequence Sequence(int line, int depth)
        {
            var items = ImmutableArray.CreateBuilder<Node>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(depth + 1));
            return new Sequence(items.DrainToImmutable(), line);
        }

        private Mapping Mapping(int line, int depth)
        {
            var fields = new List<Field>();
            var merged = new List<Field>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var at = Line(parser.Current!);
                var isMerge = parser.Current is YamlDotNet.Core.Events.Scalar { Value: "<<", IsPlainImplicit: true };
                var key = Value(depth + 1);
                var value = Value(depth + 1);
                if (isMerge) merged.AddRange(Merged(value, at));
                else fields.Add(new Field(KeyText(key, at), at, value));
            }
            return new Mapping(Combine(fields, merged), line);
        }

        private static ImmutableArray<Field> Combine(List<Field> fields, List<Field> merged)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in fields)
            {
                if (!names.Add(field.Name)) throw MalformedDocumentException.Duplicate(field.Name, field.Line);
            }
            return [.. fields, .. merged.Where(field => names.Add(field.Name))];
        }

        private static IEnumerable<Field> Merged(Node value, int line) => value switch
        {
            Mapping mapping => mapping.Fields,
            Manifests.Sequence list => list.Items.SelectMany(item => Merged(item, line)),
            _ => throw new MalformedDocumentException(line, "'<<' merges an object or a list of objects; name one by its alias."),
        };

        private static string KeyText(Node key, int line) => key is Scalar { Kind: not ScalarKind.Null } scalar
            ? scalar.Text
            : throw new MalformedDocumentException(line, $"a key must be a string, not {key.Describe()}.");

        private int Line(ParsingEvent at) => (int)at.Start.Line + lineOffset;
    }
}
