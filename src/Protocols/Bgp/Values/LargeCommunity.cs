using System.Globalization;

namespace OrleansLb.Protocols.Bgp;

/// <summary>A large community: a global administrator and two local numbers of 32 bits each (RFC 8092).</summary>
public readonly record struct LargeCommunity(uint GlobalAdministrator, uint LocalData1, uint LocalData2) : IComparable<LargeCommunity>
{
    /// <summary>Octets on the wire.</summary>
    public const int Length = 12;

    private const string Tag = "large:";

    public int CompareTo(LargeCommunity other) =>
        (GlobalAdministrator, LocalData1, LocalData2).CompareTo((other.GlobalAdministrator, other.LocalData1, other.LocalData2));

    /// <summary>Reads `64500:1:2`, also with MetalLB's `large:` in front.</summary>
    public static bool TryParse(string? text, out LargeCommunity community)
    {
        community = default;
        var parts = text?.StartsWith(Tag, StringComparison.Ordinal) == true ? text[Tag.Length..].Split(':') : text?.Split(':');
        if (parts is not { Length: 3 }) return false;
        if (!uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var global)) return false;
        if (!uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var first)) return false;
        if (!uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var second)) return false;
        community = new(global, first, second);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">It is no large community.</exception>
    public static LargeCommunity Parse(string text) =>
        TryParse(text, out var community) ? community : throw new FormatException($"'{text}' is no large community: write NUMBER:NUMBER:NUMBER, 32 bits each.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{GlobalAdministrator}:{LocalData1}:{LocalData2}");

    public static bool operator <(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) < 0;

    public static bool operator >(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) > 0;

    public static bool operator <=(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) >= 0;
}
