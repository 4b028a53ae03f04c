using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>IPv4 addresses that end in .0 or .255: some old clients take them for network or broadcast addresses whatever the prefix.</summary>
public static class BuggyAddress
{
    public static bool Is(Address address) => address.Family == IpFamily.IPv4 && (byte)address.Lower is 0 or 255;

    /// <summary>How many of them the range has.</summary>
    public static UInt128 CountIn(AddressRange range)
    {
        if (range.Family != IpFamily.IPv4) return 0;
        var (before, last) = ((long)range.First.Lower - 1, (long)range.Last.Lower);
        return (UInt128)(UpTo(last, 0) - UpTo(before, 0) + UpTo(last, 255) - UpTo(before, 255));
    }

    private static long UpTo(long value, int octet) => value < octet ? 0 : ((value - octet) / 256) + 1;
}
