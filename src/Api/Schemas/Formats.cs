using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OrleansLb.Api.Schemas;

/// <summary>The string formats that Kubernetes enforces on custom resources; unknown ones are accepted.</summary>
public static partial class Formats
{
    public static bool Accepts(string format, string text) => format switch
    {
        "ipv4" => IPAddress.TryParse(text, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') == 3,
        "ipv6" => IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 && !text.Contains('['),
        "cidr" => IsCidr(text),
        "mac" => Mac().IsMatch(text),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => DateTime().IsMatch(text),
        "duration" => Duration().IsMatch(text),
        "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _),
        "hostname" => Hostname().IsMatch(text) && text.Length <= 253,
        _ => true,
    };

    public static bool IsCidr(string text) =>
        text.Split('/') is [var address, var bits]
        && IPAddress.TryParse(address, out var ip)
        && bits.Length is > 0 and <= 3 && bits.All(char.IsAsciiDigit)
        && int.Parse(bits, CultureInfo.InvariantCulture) <= (ip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    [GeneratedRegex("^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$")]
    private static partial Regex Mac();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$")]
    private static partial Regex DateTime();

    [GeneratedRegex(@"^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h|d|w))+$|^0$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$")]
    private static partial Regex Hostname();
}
