using System.Runtime.InteropServices;

namespace OrleansLb.Core.Addressing;

/// <summary>
/// A set of addresses as bitmaps one above the other: a bit of a level says that the word of 64 bits below it is full. The next absent address is found by
/// climbing over what is full, a step for each factor of 64; what holds no address takes no room.
/// </summary>
public sealed class AddressSet
{
    private const int BitsPerWord = 6;
    private const ulong Full = ulong.MaxValue;

    private readonly List<Dictionary<UInt128, ulong>> _ipv4 = [];
    private readonly List<Dictionary<UInt128, ulong>> _ipv6 = [];

    public bool Contains(Address address) =>
        LevelsOf(address.Family) is [var words, ..] && (words.GetValueOrDefault(address.Value >> BitsPerWord) & Bit(address.Value)) != 0;

    public void Add(Address address)
    {
        var (levels, index) = (LevelsOf(address.Family), address.Value);
        for (var level = 0; level * BitsPerWord < address.Bits; level++, index >>= BitsPerWord)
        {
            if (level == levels.Count) levels.Add([]);
            ref var word = ref CollectionsMarshal.GetValueRefOrAddDefault(levels[level], index >> BitsPerWord, out _);
            word |= Bit(index);
            if (word != Full) return;
        }
    }

    public void Remove(Address address)
    {
        var index = address.Value;
        foreach (var words in LevelsOf(address.Family))
        {
            var before = words.GetValueOrDefault(index >> BitsPerWord);
            var after = before & ~Bit(index);
            if (after == 0) words.Remove(index >> BitsPerWord);
            else words[index >> BitsPerWord] = after;
            if (before != Full) return;
            index >>= BitsPerWord;
        }
    }

    /// <summary>The lowest address of the range, at or after <paramref name="start"/>, that is not in the set; null when there is none.</summary>
    public Address? NextAbsent(AddressRange range, Address start)
    {
        if (!range.Contains(start)) return null;
        var absent = NextClear(LevelsOf(range.Family), 0, start.Value);
        return absent >= start.Value && absent <= range.Last.Value ? start with { Value = absent } : null; // less: it wrapped at the end of the family
    }

    /// <summary>The index of the first bit of the level, at or after one, that is not set.</summary>
    private static UInt128 NextClear(List<Dictionary<UInt128, ulong>> levels, int level, UInt128 from)
    {
        if (level >= levels.Count) return from;
        var word = from >> BitsPerWord;
        var clear = ~levels[level].GetValueOrDefault(word) & (Full << (int)(from & 63));
        if (clear == 0)
        {
            word = NextClear(levels, level + 1, word + 1);
            clear = ~levels[level].GetValueOrDefault(word);
        }
        return (word << BitsPerWord) + (uint)ulong.TrailingZeroCount(clear);
    }

    private List<Dictionary<UInt128, ulong>> LevelsOf(IpFamily family) => family == IpFamily.IPv4 ? _ipv4 : _ipv6;

    private static ulong Bit(UInt128 index) => 1UL << (int)(index & 63);
}
