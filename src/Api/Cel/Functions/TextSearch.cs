using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Functions that look into text, and the size of everything that has one.</summary>
internal static class TextSearch
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Member("contains", Bool, [Text, Text], a => CelValue.Of(a.Text(0).Contains(a.Text(1), StringComparison.Ordinal))),
        Overload.Member("startsWith", Bool, [Text, Text], a => CelValue.Of(a.Text(0).StartsWith(a.Text(1), StringComparison.Ordinal))),
        Overload.Member("endsWith", Bool, [Text, Text], a => CelValue.Of(a.Text(0).EndsWith(a.Text(1), StringComparison.Ordinal))),
        Overload.Member("indexOf", Int, [Text, Text], a => First(a, 0)),
        Overload.Member("indexOf", Int, [Text, Text, Int], a => First(a, a.Int(2))),
        Overload.Member("lastIndexOf", Int, [Text, Text], a => Last(a, int.MaxValue)),
        Overload.Member("lastIndexOf", Int, [Text, Text, Int], a => Last(a, a.Int(2))),
        .. Sized(Text, a => CelText.Length(a.Text(0))),
        .. Sized(Bytes, a => a.Bytes(0).Length),
        .. Sized(List, a => a.List(0).Count),
        .. Sized(Map, a => a.Map(0).Count),
    ];

    private static Overload[] Sized(CelType type, Func<Arguments, long> size) =>
    [
        Overload.Global("size", Int, [type], a => new CelInt(size(a))),
        Overload.Member("size", Int, [type], a => new CelInt(size(a))),
    ];

    private static CelValue First(Arguments a, long from)
    {
        var (text, wanted) = (CelText.Runes(a.Text(0)), CelText.Runes(a.Text(1)));
        if (wanted.Length == 0) return new CelInt(from);
        if (from < 0 || from > text.Length) return new CelError($"index out of range: {from}");
        var at = text.AsSpan((int)from).IndexOf(wanted);
        return new CelInt(at < 0 ? -1 : from + at);
    }

    private static CelValue Last(Arguments a, long to)
    {
        var (text, wanted) = (CelText.Runes(a.Text(0)), CelText.Runes(a.Text(1)));
        if (wanted.Length == 0) return new CelInt(to == int.MaxValue ? text.Length : to);
        if (to == int.MaxValue) return new CelInt(text.AsSpan().LastIndexOf(wanted));
        if (to < 0 || to > text.Length) return new CelError($"index out of range: {to}");
        return new CelInt(text.AsSpan(0, (int)Math.Min(text.Length, to + wanted.Length)).LastIndexOf(wanted));
    }
}
