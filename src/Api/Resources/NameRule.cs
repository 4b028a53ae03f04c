using System.Text.RegularExpressions;

namespace OrleansLb.Api.Resources;

/// <summary>Which names an object of a kind may bear.</summary>
public sealed partial record NameRule(int MaxLength, Regex Pattern, string Explanation)
{
    public static NameRule Subdomain { get; } = new(253, SubdomainPattern(),
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character");

    public static NameRule Label { get; } = new(63, LabelPattern(),
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character");

    public static NameRule ServiceLabel { get; } = new(63, ServicePattern(),
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with "
            + "an alphanumeric character");

    /// <summary>Any name that can stand in a URL path; what RBAC kinds allow.</summary>
    public static NameRule PathSegment { get; } = new(253, PathPattern(), "may not be '.' or '..' and may not contain '/' or '%'");

    public bool Accepts(string name) => name.Length <= MaxLength && Pattern.IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ServicePattern();

    [GeneratedRegex(@"^(?!\.{1,2}\z)[^/%]+\z")]
    private static partial Regex PathPattern();
}
