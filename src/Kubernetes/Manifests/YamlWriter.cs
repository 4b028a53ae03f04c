using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>Writes JSON values as YAML in block style, as people write manifests; read back it is the same value.</summary>
public static partial class YamlWriter
{
    private const int Step = 2;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The objects as one stream of documents.</summary>
    public static string Write(IEnumerable<JsonObject> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var text = new StringBuilder();
        foreach (var document in documents)
        {
            if (text.Length > 0) text.Append("---\n");
            Fields(text, document, 0);
        }
        return text.ToString();
    }

    private static void Fields(StringBuilder text, JsonObject fields, int indent)
    {
        var isFirst = true;
        foreach (var (name, value) in fields)
        {
            // The first field of a list's item stands behind the dash.
            if (!isFirst || text.Length == 0 || text[^1] == '\n') text.Append(' ', indent);
            isFirst = false;
            text.Append(Scalar(JsonValue.Create(name)!)).Append(':');
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                text.Append('\n');
                Fields(text, fields, indent + Step);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                foreach (var item in items) Item(text, item, indent);
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append("- ");
        if (item is JsonObject { Count: > 0 } fields) Fields(text, fields, indent + Step);
        else text.Append(Scalar(item)).Append('\n');
    }

    private static string Scalar(JsonNode? value)
    {
        if (value is JsonValue scalar && scalar.TryGetValue<string>(out var text) && Harmless().IsMatch(text)
            && YamlScalars.Plain(text, 0).Kind == ScalarKind.String)
        {
            return text;
        }
        return value?.ToJsonString(Readable) ?? "null"; // JSON is YAML in flow style
    }

    [GeneratedRegex(@"^[A-Za-z0-9/]([A-Za-z0-9._/ -]*[A-Za-z0-9._/-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();
}
