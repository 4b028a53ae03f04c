using System.Text.RegularExpressions;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>What Kubernetes allows as the key and the value of a label.</summary>
internal static partial class LabelSyntax
{
    public static string? KeyFault(string key)
    {
        var slash = key.IndexOf('/');
        var (domain, name) = slash < 0 ? (null, key) : (key[..slash], key[(slash + 1)..]);
        if (domain is not null && (domain.Length > 253 || !Domain().IsMatch(domain)))
            return $"the prefix of the label key '{key}' is not a lower-case DNS name.";
        return name.Length is > 0 and <= 63 && Name().IsMatch(name)
            ? null
            : $"'{key}' is not a label key: 1 to 63 letters, digits, '-', '_' or '.', a letter or digit at both ends.";
    }

    public static string? ValueFault(string value) => value.Length == 0 || (value.Length <= 63 && Name().IsMatch(value))
        ? null
        : $"'{value}' is not a label value: at most 63 letters, digits, '-', '_' or '.', a letter or digit at both ends.";

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Domain();
}
