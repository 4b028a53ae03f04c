using System.Globalization;
using System.Text.RegularExpressions;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>The named string formats of Kubernetes: what is wrong with a text, or nothing.</summary>
internal static partial class FormatFunctions
{
    private static readonly string[] Names =
    [
        "dns1123Label", "dns1123Subdomain", "dns1035Label", "qualifiedName", "dns1123LabelPrefix", "dns1123SubdomainPrefix", "dns1035LabelPrefix",
        "labelValue", "uri", "uuid", "byte", "date", "datetime",
    ];

    public static IEnumerable<Overload> All =>
    [
        .. Names.Select(name => Overload.Global($"format.{name}", CelType.Format, [], _ => new CelFormat(name))),
        Overload.Global("format.named", OptionalOf(CelType.Format), [Text],
            a => Names.Contains(a.Text(0)) ? new CelOptional(new CelFormat(a.Text(0))) : CelOptional.None),
        Overload.Member("validate", OptionalOf(ListOf(Text)), [CelType.Format, Text], a => Validate(((CelFormat)a[0]).Name, a.Text(1))),
    ];

    private static CelOptional Validate(string format, string text) =>
        Fault(format, text) is { } fault ? new CelOptional(new ValueList([new CelString(fault)])) : CelOptional.None;

    private static string? Fault(string format, string text) => format switch
    {
        "dns1123Label" => Judge(text, 63, Label(),
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"),
        "dns1123LabelPrefix" => Fault("dns1123Label", Completed(text)),
        "dns1035Label" =>
            Judge(text, 63, Label1035(), "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and "
                + "end with an alphanumeric character"),
        "dns1035LabelPrefix" => Fault("dns1035Label", Completed(text)),
        "dns1123Subdomain" =>
            Judge(text, 253, Subdomain(), "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
                + "end with an alphanumeric character"),
        "dns1123SubdomainPrefix" => Fault("dns1123Subdomain", Completed(text)),
        "labelValue" =>
            Judge(text, 63, LabelValue(), "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
                + "end with an alphanumeric character"),
        "qualifiedName" => QualifiedName(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) || text.StartsWith('/') ? null : "invalid URI",
        "uuid" => Uuid().IsMatch(text) ? null : "does not match the UUID format",
        "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _) ? null : "invalid base64",
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "invalid date",
        _ => CelTime.ParseTimestamp(text) is not null ? null : "invalid datetime",
    };

    /// <summary>A prefix may end in a dash: something will follow it.</summary>
    private static string Completed(string prefix) => prefix.EndsWith('-') ? prefix[..^1] + "a" : prefix;

    private static string? Judge(string text, int limit, Regex pattern, string fault) =>
        text.Length > limit ? $"must be no more than {limit} bytes" : pattern.IsMatch(text) ? null : fault;

    private static string? QualifiedName(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2) return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS subdomain prefix and '/'";
        if (parts.Length == 2 && Fault("dns1123Subdomain", parts[0]) is { } fault) return $"prefix part {fault}";
        return parts[^1].Length == 0
            ? "name part must be non-empty"
            : Judge(parts[^1], 63, LabelValue(),
                "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character");
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label1035();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();
}
