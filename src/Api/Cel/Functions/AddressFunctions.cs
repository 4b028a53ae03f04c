using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>IP addresses and prefixes, as Kubernetes gives them to rules. Strict: no zones, no IPv4 inside IPv6, no leading zeros.</summary>
internal static class AddressFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Global("isIP", Bool, [Text], a => CelValue.Of(ParseIp(a.Text(0)) is CelIp)),
        Overload.Global("ip", Ip, [Text], a => ParseIp(a.Text(0))),
        Overload.Global("ip.isCanonical", Bool, [Text],
            a => ParseIp(a.Text(0)) is var read && read is CelIp ip ? CelValue.Of(ip.Value.ToString() == a.Text(0)) : read),
        Overload.Member("family", Int, [Ip], a => new CelInt(IsV4(a.Ip(0)) ? 4 : 6)),
        Overload.Member("isUnspecified", Bool, [Ip], a => CelValue.Of(a.Ip(0).Equals(IPAddress.Any) || a.Ip(0).Equals(IPAddress.IPv6Any))),
        Overload.Member("isLoopback", Bool, [Ip], a => CelValue.Of(IPAddress.IsLoopback(a.Ip(0)))),
        Overload.Member("isLinkLocalMulticast", Bool, [Ip], a => CelValue.Of(IsLinkLocalMulticast(a.Ip(0)))),
        Overload.Member("isLinkLocalUnicast", Bool, [Ip], a => CelValue.Of(IsLinkLocalUnicast(a.Ip(0)))),
        Overload.Member("isGlobalUnicast", Bool, [Ip], a => CelValue.Of(IsGlobalUnicast(a.Ip(0)))),
        Overload.Global("isCIDR", Bool, [Text], a => CelValue.Of(ParseCidr(a.Text(0)) is CelCidr)),
        Overload.Global("cidr", Cidr, [Text], a => ParseCidr(a.Text(0))),
        Overload.Member("ip", Ip, [Cidr], a => new CelIp(a.Cidr(0).Address)),
        Overload.Member("prefixLength", Int, [Cidr], a => new CelInt(a.Cidr(0).Length)),
        Overload.Member("masked", Cidr, [Cidr], a => a.Cidr(0) with { Address = Masked(a.Cidr(0).Address, a.Cidr(0).Length) }),
        Overload.Member("containsIP", Bool, [Cidr, Ip], a => Contains(a.Cidr(0), a[1])),
        Overload.Member("containsIP", Bool, [Cidr, Text], a => Contains(a.Cidr(0), ParseIp(a.Text(1)))),
        Overload.Member("containsCIDR", Bool, [Cidr, Cidr], a => Contains(a.Cidr(0), a[1])),
        Overload.Member("containsCIDR", Bool, [Cidr, Text], a => Contains(a.Cidr(0), ParseCidr(a.Text(1)))),
    ];

    private static bool IsV4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    internal static CelValue ParseIp(string text) => Read(text) switch
    {
        null => new CelError(
            $"IP Address {CelText.Quote(text)} parse error during conversion from string: ParseAddr({CelText.Quote(text)}): unable to parse IP"),
        { IsIPv4MappedToIPv6: true } => new CelError($"IPv4-mapped IPv6 address {CelText.Quote(text)} is not allowed"),
        _ when text.Contains('%') => new CelError($"IP address {CelText.Quote(text)} with zone value is not allowed"),
        var address => new CelIp(address),
    };

    /// <summary>The address, only if it is written in full: .NET alone would also read brackets, ports, hex and short forms.</summary>
    private static IPAddress? Read(string text)
    {
        if (text.Contains('[') || text.Contains('/') || !IPAddress.TryParse(text, out var address)) return null;
        if (IsV4(address)) return address.ToString() == text ? address : null;
        var tail = text[(text.LastIndexOf(':') + 1)..].Split('%')[0];
        return !tail.Contains('.') || (IPAddress.TryParse(tail, out var v4) && v4.ToString() == tail) ? address : null;
    }

    internal static CelValue ParseCidr(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0 || text.Contains('%') || ParseIp(text[..slash]) is not CelIp { Value: var address }) return BadCidr(text);
        var digits = text[(slash + 1)..];
        if (digits.Length > 1 && digits[0] == '0') return BadCidr(text);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= (IsV4(address) ? 32 : 128)
            ? new CelCidr(address, length)
            : BadCidr(text);
    }

    private static CelError BadCidr(string text) =>
        new("network address parse error during conversion from string: network address parse error during conversion from string: "
            + $"netip.ParsePrefix({CelText.Quote(text)}): not a prefix");

    private static CelValue Contains(CelCidr whole, CelValue part) => part switch
    {
        CelIp { Value: var address } => CelValue.Of(Covers(whole, address)),
        CelCidr inner => CelValue.Of(inner.Length >= whole.Length && Covers(whole, inner.Address)),
        _ => part,
    };

    private static bool Covers(CelCidr whole, IPAddress address) =>
        IsV4(whole.Address) == IsV4(address) && Masked(address, whole.Length).Equals(Masked(whole.Address, whole.Length));

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (i * 8), 0, 8));
        return new(bytes);
    }

    private static bool IsLinkLocalMulticast(IPAddress address) => address.GetAddressBytes() is var bytes && IsV4(address)
        ? bytes is [224, 0, 0, _]
        : bytes[0] == 0xFF && (bytes[1] & 0x0F) == 2;

    private static bool IsLinkLocalUnicast(IPAddress address) => IsV4(address) ? address.GetAddressBytes() is [169, 254, ..] : address.IsIPv6LinkLocal;

    private static bool IsGlobalUnicast(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || IsLinkLocalUnicast(address) || address.IsIPv6Multicast) return false;
        if (!IsV4(address)) return !address.Equals(IPAddress.IPv6Any);
        return address.GetAddressBytes()[0] is not (>= 224 and < 240) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.Broadcast);
    }
}
