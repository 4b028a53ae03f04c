using System.Globalization;

namespace OrleansLb.Protocols.Bgp;

/// <summary>A community (RFC 1997): two numbers of sixteen bits, or one of the registered well-known names.</summary>
public readonly record struct Community(uint Value) : IComparable<Community>
{
    /// <summary>Octets on the wire.</summary>
    public const int Length = 4;

    private static readonly (string Name, uint Value)[] WellKnown =
    [
        ("graceful-shutdown", 0xFFFF0000), // RFC 8326
        ("accept-own", 0xFFFF0001), // RFC 7611
        ("llgr-stale", 0xFFFF0006), // RFC 9494
        ("no-llgr", 0xFFFF0007), // RFC 9494
        ("blackhole", 0xFFFF029A), // RFC 7999
        ("no-export", 0xFFFFFF01), // RFC 1997
        ("no-advertise", 0xFFFFFF02), // RFC 1997
        ("no-export-subconfed", 0xFFFFFF03), // RFC 1997
        ("no-peer", 0xFFFFFF04), // RFC 3765
    ];

    /// <summary>Stays within the AS (RFC 1997).</summary>
    public static Community NoExport => new(0xFFFFFF01);

    /// <summary>Is told to nobody else (RFC 1997).</summary>
    public static Community NoAdvertise => new(0xFFFFFF02);

    /// <summary>The route is about to go: others are preferred (RFC 8326).</summary>
    public static Community GracefulShutdown => new(0xFFFF0000);

    public int CompareTo(Community other) => Value.CompareTo(other.Value);

    /// <summary>Reads `65000:1` or a well-known name such as `no-export` (also `NO_EXPORT`).</summary>
    public static bool TryParse(string? text, out Community community)
    {
        community = default;
        if (text is null) return false;
        var name = text.Replace('_', '-');
        foreach (var known in WellKnown)
        {
            if (!name.Equals(known.Name, StringComparison.OrdinalIgnoreCase)) continue;
            community = new(known.Value);
            return true;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return false;
        if (!ushort.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var high)) return false;
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var low)) return false;
        community = new(((uint)high << 16) | low);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">It is no community.</exception>
    public static Community Parse(string text) =>
        TryParse(text, out var community) ? community : throw new FormatException($"'{text}' is no community: write 0..65535:0..65535 or a well-known name.");

    public override string ToString()
    {
        foreach (var known in WellKnown)
        {
            if (known.Value == Value) return known.Name;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Value >> 16}:{Value & 0xFFFF}");
    }

    public static bool operator <(Community left, Community right) => left.Value < right.Value;

    public static bool operator >(Community left, Community right) => left.Value > right.Value;

    public static bool operator <=(Community left, Community right) => left.Value <= right.Value;

    public static bool operator >=(Community left, Community right) => left.Value >= right.Value;
}
