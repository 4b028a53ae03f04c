using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>
/// Which addresses a host can have at all: all but "this network", loopback, multicast, the limited broadcast, and the unspecified
/// one (RFC 6890, RFC 5771, RFC 4291 §2.5 and §2.7).
/// </summary>
public static class HostAddresses
{
    private static readonly AddressRange[] Others =
    [
        .. new[] { "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255", "::", "::1", "ff00::/8" }.Select(AddressRange.Parse),
    ];

    /// <summary>The parts of a range that hosts can have, in order; the range itself as a rule.</summary>
    public static IEnumerable<AddressRange> In(AddressRange range)
    {
        var next = range.First;
        foreach (var other in Others.Where(range.Overlaps))
        {
            if (next < other.First) yield return new(next, next with { Value = other.First.Value - 1 });
            if (other.Last >= range.Last) yield break;
            next = next with { Value = other.Last.Value + 1 };
        }
        yield return new(next, range.Last);
    }

    /// <summary>The parts that no host can have.</summary>
    public static IEnumerable<AddressRange> NotIn(AddressRange range) => Others.Where(range.Overlaps);

    public static bool Has(Address address) => !Others.Any(other => other.Contains(address));
}
