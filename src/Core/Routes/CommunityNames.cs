using System.Globalization;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Routes;

/// <summary>Reads communities as configuration writes them, and resolves their names.</summary>
public static class CommunityNames
{
    /// <summary>The well-known communities by name (IANA "BGP Well-known Communities").</summary>
    private static readonly Dictionary<string, uint> WellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        ["graceful-shutdown"] = 0xFFFF0000, // RFC 8326
        ["accept-own"] = 0xFFFF0001,        // RFC 7611
        ["blackhole"] = 0xFFFF029A,         // RFC 7999
        ["no-export"] = 0xFFFFFF01,         // RFC 1997
        ["no-advertise"] = 0xFFFFFF02,
        ["no-export-subconfed"] = 0xFFFFFF03,
        ["no-peer"] = 0xFFFFFF04,           // RFC 3765
    };

    /// <summary>
    /// Reads <c>u16:u16</c>, <c>large:u32:u32:u32</c>, or a name. Null, with a fault that says how to write it, for anything else with a colon.
    /// </summary>
    public static Community? Parse(string text, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        fault = null;
        if (!text.Contains(':')) return new Community.Named(text);
        var parts = text.Split(':');
        if (parts.Length == 2 && ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            && ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var low))
        {
            return new Community.Standard(((uint)high << 16) | low);
        }
        if (parts.Length == 4 && parts[0] == "large" && Number(parts[1], out var global) && Number(parts[2], out var first) && Number(parts[3], out var second))
        {
            return new Community.Large(global, first, second);
        }
        fault = $"'{text}' is not a community: write two numbers of 0..65535 as 64500:100, a large one as large:64500:1:2, or a name.";
        return null;
    }

    /// <summary>The community as <see cref="Parse"/> reads it.</summary>
    public static string Text(Community community) => community switch
    {
        Community.Standard standard => string.Create(CultureInfo.InvariantCulture, $"{standard.Value >> 16}:{standard.Value & 0xFFFF}"),
        Community.Large large => string.Create(CultureInfo.InvariantCulture, $"large:{large.Global}:{large.Data1}:{large.Data2}"),
        Community.Named named => named.Name,
        _ => throw new ArgumentException("There is no such kind of community.", nameof(community)),
    };

    private static bool Number(string text, out uint value) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>The value behind a name: an alias first, then the well-known names; null when nobody knows it.</summary>
    public static Community? Find(string name, EquatableList<CommunityAlias> aliases)
    {
        foreach (var alias in aliases)
        {
            if (alias.Name == name) return alias.Value;
        }
        return WellKnown.TryGetValue(name, out var value) ? new Community.Standard(value) : null;
    }

    /// <summary>The values of the communities, sorted, each once. A name that nobody knows yet is left out: configuration reports it.</summary>
    public static EquatableList<Community> Resolve(EquatableList<Community> communities, EquatableList<CommunityAlias> aliases) =>
        CommunityOrder.Sorted(communities.Select(community => community is Community.Named named ? Find(named.Name, aliases) : community).OfType<Community>());
}
