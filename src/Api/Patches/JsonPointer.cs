using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansLb.Api.Patches;

/// <summary>A place in a JSON document (RFC 6901).</summary>
public readonly record struct JsonPointer(ImmutableArray<string> Tokens)
{
    public bool IsRoot => Tokens.IsEmpty;

    public string Last => Tokens[^1];

    public JsonPointer Parent => new(Tokens[..^1]);

    public static bool TryParse(string? text, out JsonPointer pointer)
    {
        pointer = new([]);
        if (text is null || (text.Length > 0 && text[0] != '/')) return false;
        if (text.Length > 0)
            pointer = new([.. text[1..].Split('/').Select(Unescape)]);
        return true;
    }

    /// <summary>Finds what stands there; false if nothing does, although null may stand there.</summary>
    public bool TryFind(JsonNode? root, out JsonNode? found)
    {
        found = root;
        foreach (var token in Tokens)
        {
            if (found is JsonObject map && map.TryGetPropertyValue(token, out var member)) found = member;
            else if (found is JsonArray list && TryIndex(token, list.Count - 1, out var index)) found = list[index];
            else return false;
        }
        return true;
    }

    /// <summary>True if <paramref name="other"/> stands inside this place.</summary>
    public bool Encloses(JsonPointer other) => other.Tokens.Length > Tokens.Length && other.Tokens.AsSpan(0, Tokens.Length).SequenceEqual(Tokens.AsSpan());

    /// <summary>An index has no sign and no leading zero.</summary>
    public static bool TryIndex(string token, int max, out int index)
    {
        index = -1;
        if (token.Length == 0 || !token.All(char.IsAsciiDigit) || (token.Length > 1 && token[0] == '0')) return false;
        return int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index <= max;
    }

    private static string Unescape(string token) => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    public override string ToString() => string.Concat(Tokens.Select(token => "/" + token));
}
