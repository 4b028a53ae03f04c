using System.Text;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Functions that make text of text (CEL's strings extension). Positions count code points.</summary>
internal static class TextFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Member("charAt", Text, [Text, Int], a => CharAt(CelText.Runes(a.Text(0)), a.Int(1))),
        Overload.Member("lowerAscii", Text, [Text], a => new CelString(Map(a, char.ToLowerInvariant))),
        Overload.Member("upperAscii", Text, [Text], a => new CelString(Map(a, char.ToUpperInvariant))),
        Overload.Member("trim", Text, [Text], a => new CelString(a.Text(0).Trim())),
        Overload.Member("reverse", Text, [Text], a => new CelString(CelText.Text([.. CelText.Runes(a.Text(0)).Reverse()]))),
        Overload.Member("substring", Text, [Text, Int], a => Substring(a, CelText.Runes(a.Text(0)), long.MaxValue)),
        Overload.Member("substring", Text, [Text, Int, Int], a => Substring(a, CelText.Runes(a.Text(0)), a.Int(2))),
        Overload.Member("replace", Text, [Text, Text, Text], a => Replace(a, -1)),
        Overload.Member("replace", Text, [Text, Text, Text, Int], a => Replace(a, a.Int(3))),
        Overload.Member("split", ListOf(Text), [Text, Text], a => Split(a, -1)),
        Overload.Member("split", ListOf(Text), [Text, Text, Int], a => Split(a, a.Int(2))),
        Overload.Member("join", Text, [ListOf(Text)], a => Join(a, "")),
        Overload.Member("join", Text, [ListOf(Text), Text], a => Join(a, a.Text(1))),
        Overload.Global("strings.quote", Text, [Text], a => new CelString(CelText.Quote(a.Text(0)))),
        Overload.Member("format", Text, [Text, List], a => TextFormat.Format(a.Text(0), a.List(1), a.Budget)),
    ];

    private static string Map(Arguments a, Func<char, char> map) =>
        string.Create(a.Text(0).Length, (Text: a.Text(0), map), (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsAscii(from.Text[i]) ? from.map(from.Text[i]) : from.Text[i];
        });

    private static CelValue CharAt(Rune[] runes, long at) => at == runes.Length ? new CelString("")
        : at >= 0 && at < runes.Length ? new CelString(runes[at].ToString())
        : new CelError($"index out of range: {at}");

    private static CelValue Substring(Arguments a, Rune[] runes, long to)
    {
        var (from, end) = (a.Int(1), to == long.MaxValue ? runes.Length : to);
        if (from < 0 || from > runes.Length) return new CelError($"index out of range: {from}");
        if (end < 0 || end > runes.Length) return new CelError($"index out of range: {end}");
        return from > end
            ? new CelError($"invalid substring range. start: {from}, end: {end}")
            : new CelString(CelText.Text(runes.AsSpan((int)from..(int)end)));
    }

    private static CelValue Replace(Arguments a, long limit)
    {
        var pieces = Pieces(a.Text(0), a.Text(1), limit < 0 ? int.MaxValue : limit);
        return Glue(pieces, a.Text(2), a.Budget);
    }

    /// <summary>What lies between the first so many occurrences; an empty separator occurs round every code point.</summary>
    private static List<string> Pieces(string text, string separator, long limit)
    {
        if (separator.Length == 0) return Spread(text, limit);
        var pieces = new List<string>();
        var from = 0;
        for (; pieces.Count < limit && text.IndexOf(separator, from, StringComparison.Ordinal) is >= 0 and var at; from = at + separator.Length)
            pieces.Add(text[from..at]);
        pieces.Add(text[from..]);
        return pieces;
    }

    private static List<string> Spread(string text, long limit)
    {
        var pieces = Explode(text, limit - 1);
        if (limit > 0) pieces.Insert(0, "");
        if (pieces.Count <= limit && text.Length > 0) pieces.Add("");
        return pieces;
    }

    private static CelValue Split(Arguments a, long limit)
    {
        var (text, separator) = (a.Text(0), a.Text(1));
        if (limit == 0) return new ValueList([]);
        var most = limit < 0 ? int.MaxValue : limit - 1;
        var pieces = separator.Length > 0 ? Pieces(text, separator, most) : Explode(text, most);
        return a.Budget.Pay(pieces.Count) ? new ValueList([.. pieces.Select(piece => new CelString(piece))]) : CelValue.NoSuchOverload;
    }

    private static List<string> Explode(string text, long most)
    {
        var pieces = new List<string>();
        var from = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (pieces.Count >= most) break;
            pieces.Add(text.Substring(from, rune.Utf16SequenceLength));
            from += rune.Utf16SequenceLength;
        }
        if (from < text.Length) pieces.Add(text[from..]);
        return pieces;
    }

    private static CelValue Join(Arguments a, string separator)
    {
        var texts = new List<string>();
        foreach (var item in a.List(0).Items)
        {
            if (item is not CelString { Value: var text }) return item is CelError ? item : CelValue.NoSuchOverload;
            texts.Add(text);
        }
        return Glue(texts, separator, a.Budget);
    }

    private static CelValue Glue(List<string> pieces, string separator, CostBudget budget)
    {
        var length = pieces.Sum(piece => (long)piece.Length) + ((pieces.Count - 1L) * separator.Length);
        return budget.PayText(length) ? new CelString(string.Join(separator, pieces)) : CelValue.NoSuchOverload;
    }
}
