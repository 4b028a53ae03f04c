using System.Collections.Frozen;
using System.Globalization;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Protobuf;

/// <summary>The messages that can be decoded, by kind.</summary>
internal static class ProtobufMessages
{
    private static readonly FrozenDictionary<string, FrozenDictionary<int, ProtobufField>> Messages =
        BuiltinFiles.Read("protobuf.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#').Select(line => line.Split(' '))
            .ToFrozenDictionary(words => words[0], words => words.Skip(1).Select(ReadField).ToFrozenDictionary(field => field.Number, field => field.Field));

    public static FrozenDictionary<int, ProtobufField>? Find(string name) => Messages.GetValueOrDefault(name);

    /// <summary>The message of a kind; two kinds of one name are told apart by their group.</summary>
    public static string NameOf(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var qualified = slash < 0 ? kind : $"{apiVersion[..slash]}/{kind}";
        return Messages.ContainsKey(qualified) ? qualified : kind;
    }

    private static (int Number, ProtobufField Field) ReadField(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (member, rest) = (text[..equals], text[(equals + 1)..]);
        var repeated = rest.EndsWith("[]", StringComparison.Ordinal);
        var keepsZero = rest.EndsWith('?');
        var parts = rest.TrimEnd('[', ']', '?').Split(':');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), new(member, parts.Length > 1 ? parts[1] : "text", repeated, keepsZero));
    }
}
