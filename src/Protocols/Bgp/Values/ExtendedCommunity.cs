using System.Globalization;

namespace OrleansLb.Protocols.Bgp;

/// <summary>An extended community: eight octets whose first two say what the rest means (RFC 4360, RFC 7153).</summary>
public readonly record struct ExtendedCommunity(ulong Value) : IComparable<ExtendedCommunity>
{
    /// <summary>Octets on the wire.</summary>
    public const int Length = 8;

    private const byte TwoOctetAs = 0x00, FourOctetAs = 0x02, NonTransitiveTwoOctetAs = 0x40;
    private const byte RouteTargetSubtype = 0x02, RouteOriginSubtype = 0x03, LinkBandwidthSubtype = 0x04;

    private byte Type => (byte)(Value >> 56);

    private byte Subtype => (byte)(Value >> 48);

    /// <summary>A community that stays within the AS has this bit set, and is not sent to external peers (RFC 4360 §6).</summary>
    public bool IsTransitive => (Type & 0x40) == 0;

    /// <summary>The capacity behind a route, for routers that balance unequally (draft-ietf-idr-link-bandwidth).</summary>
    public bool IsLinkBandwidth => (Type & ~0x40) == TwoOctetAs && Subtype == LinkBandwidthSubtype;

    public int CompareTo(ExtendedCommunity other) => Value.CompareTo(other.Value);

    /// <summary>Into which tables the route goes (RFC 4360 §4).</summary>
    public static ExtendedCommunity RouteTarget(Asn asn, uint number) => OfAs(RouteTargetSubtype, asn, number);

    /// <summary>From which site the route came (RFC 4360 §5).</summary>
    public static ExtendedCommunity RouteOrigin(Asn asn, uint number) => OfAs(RouteOriginSubtype, asn, number);

    /// <summary>Link bandwidth is an IEEE float of bytes a second; the transitive form survives an eBGP hop.</summary>
    public static ExtendedCommunity LinkBandwidth(Asn asn, float bytesPerSecond, bool transitive = false) =>
        new(((ulong)(transitive ? TwoOctetAs : NonTransitiveTwoOctetAs) << 56) | ((ulong)LinkBandwidthSubtype << 48)
            | ((ulong)asn.TwoOctets << 32) | BitConverter.SingleToUInt32Bits(bytesPerSecond));

    /// <summary>Reads `rt:65000:1`, `soo:65000:1`, `bandwidth:65000:125000` and sixteen hexadecimal digits after `0x`.</summary>
    public static bool TryParse(string? text, out ExtendedCommunity community)
    {
        community = default;
        if (text?.StartsWith("0x", StringComparison.Ordinal) == true)
        {
            if (!ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var raw)) return false;
            community = new(raw);
            return true;
        }

        var parts = text?.Split(':');
        if (parts is not { Length: 3 } || !Asn.TryParse(parts[1], out var asn)) return false;
        if (!uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (asn.NeedsFourOctets && number > ushort.MaxValue) return false;
        switch (parts[0])
        {
            case "rt": community = RouteTarget(asn, number); return true;
            case "soo": community = RouteOrigin(asn, number); return true;
            case "bandwidth": community = LinkBandwidth(asn, number); return true;
            default: return false;
        }
    }

    public override string ToString() => (Type, Subtype) switch
    {
        (TwoOctetAs, RouteTargetSubtype) => AsText("rt", (uint)(Value >> 32) & 0xFFFF, (uint)Value),
        (FourOctetAs, RouteTargetSubtype) => AsText("rt", (uint)(Value >> 16), (uint)Value & 0xFFFF),
        (TwoOctetAs, RouteOriginSubtype) => AsText("soo", (uint)(Value >> 32) & 0xFFFF, (uint)Value),
        (FourOctetAs, RouteOriginSubtype) => AsText("soo", (uint)(Value >> 16), (uint)Value & 0xFFFF),
        (TwoOctetAs or NonTransitiveTwoOctetAs, LinkBandwidthSubtype) =>
            string.Create(CultureInfo.InvariantCulture, $"bandwidth:{(Value >> 32) & 0xFFFF}:{BitConverter.UInt32BitsToSingle((uint)Value):0}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x16}"),
    };

    private static string AsText(string kind, uint asn, uint number) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{asn}:{number}");

    private static ExtendedCommunity OfAs(byte subtype, Asn asn, uint number) =>
        asn.NeedsFourOctets
            ? new(((ulong)FourOctetAs << 56) | ((ulong)subtype << 48) | ((ulong)asn.Value << 16) | (ushort)number)
            : new(((ulong)TwoOctetAs << 56) | ((ulong)subtype << 48) | ((ulong)asn.Value << 32) | number);

    public static bool operator <(ExtendedCommunity left, ExtendedCommunity right) => left.Value < right.Value;

    public static bool operator >(ExtendedCommunity left, ExtendedCommunity right) => left.Value > right.Value;

    public static bool operator <=(ExtendedCommunity left, ExtendedCommunity right) => left.Value <= right.Value;

    public static bool operator >=(ExtendedCommunity left, ExtendedCommunity right) => left.Value >= right.Value;
}
