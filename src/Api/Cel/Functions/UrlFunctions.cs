using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>URLs and their parts, as Kubernetes gives them to rules: absolute ones, or absolute paths.</summary>
internal static class UrlFunctions
{
    private const string PathOnly = "path://";

    public static IEnumerable<Overload> All =>
    [
        Overload.Global("isURL", Bool, [Text], a => CelValue.Of(Parse(a.Text(0)) is not null)),
        Overload.Global("url", CelType.Url, [Text], a => Parse(a.Text(0)) is { } url
            ? url
            : new CelError($"URL parse error during conversion from string: parse {CelText.Quote(a.Text(0))}: invalid URI for request")),
        Part("getScheme", url => IsPath(url) ? "" : url.Scheme),
        Part("getHost", url => IsPath(url) ? "" : HostOf(url) + (PortOf(url) is { Length: > 0 } port ? $":{port}" : "")),
        Part("getHostname", url => IsPath(url) ? "" : HostOf(url).Trim('[', ']')),
        Part("getPort", PortOf),
        Part("getEscapedPath", url => PathOf(url)),
        Overload.Member("getQuery", MapOf(Text, ListOf(Text)), [CelType.Url], a => Query(((CelUrl)a[0]).Value.Query)),
    ];

    private static Overload Part(string name, Func<Uri, string> part) =>
        Overload.Member(name, Text, [CelType.Url], a => new CelString(part(((CelUrl)a[0]).Value)));

    private static CelUrl? Parse(string text)
    {
        if (text.Length == 0 || text.Any(c => c is <= ' ' or '\\')) return null;
        var absolute = text[0] == '/' && !text.StartsWith("//", StringComparison.Ordinal) ? PathOnly + "/" + text : text;
        return absolute.Contains(':') && char.IsAsciiLetter(absolute[0]) && Uri.TryCreate(absolute, UriKind.Absolute, out var url) ? new(url, text) : null;
    }

    private static bool IsPath(Uri url) => url.Scheme == "path";

    private static string HostOf(Uri url)
    {
        var text = url.OriginalString;
        var from = text.IndexOf("://", StringComparison.Ordinal);
        if (from < 0) return "";
        var authority = text[(from + 3)..].Split('/', '?', '#')[0];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') ? authority[..colon] : authority;
    }

    private static string PortOf(Uri url) =>
        !IsPath(url) && url.OriginalString.Contains("://", StringComparison.Ordinal) && AuthorityTail(url) is { } tail ? tail : "";

    private static string? AuthorityTail(Uri url)
    {
        var authority = url.OriginalString.Split("://", 2)[1].Split('/', '?', '#')[0];
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') && colon > authority.LastIndexOf('@') ? authority[(colon + 1)..] : null;
    }

    private static string PathOf(Uri url)
    {
        var text = url.OriginalString.Split('?', '#')[0];
        var from = text.IndexOf("://", StringComparison.Ordinal);
        var slash = from < 0 ? -1 : text.IndexOf('/', from + 3);
        return slash < 0 ? "" : IsPath(url) ? text[slash..] : text[slash..];
    }

    private static ValueMap Query(string query)
    {
        var groups = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).GroupBy(pair => Unescape(pair[0]), pair => Unescape(pair.ElementAtOrDefault(1) ?? ""));
        var entries = new OrderedDictionary<MapKey, KeyValuePair<CelValue, CelValue>>();
        foreach (var group in groups)
        {
            var key = new CelString(group.Key);
            entries[MapKey.Of(key)!.Value] = new(key, new ValueList([.. group.Select(value => new CelString(value))]));
        }
        return new(entries);
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
