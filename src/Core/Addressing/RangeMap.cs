namespace OrleansLb.Core.Addressing;

/// <summary>Disjoint ranges of addresses, each with what it belongs to, sorted, so that an overlap is found in O(log n).</summary>
public sealed class RangeMap<T>
{
    private readonly List<(AddressRange Range, T Of)> _entries = [];

    /// <summary>A range that has addresses of this one; null when none has.</summary>
    public (AddressRange Range, T Of)? Overlapping(AddressRange range)
    {
        var at = LowerBound(range.First);
        if (at < _entries.Count && _entries[at].Range.Overlaps(range)) return _entries[at];
        return at > 0 && _entries[at - 1].Range.Overlaps(range) ? _entries[at - 1] : null;
    }

    /// <summary>Adds a range that overlaps with none.</summary>
    public void Add(AddressRange range, T of) => _entries.Insert(LowerBound(range.First), (range, of));

    private int LowerBound(Address first)
    {
        var (low, high) = (0, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].Range.First < first) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
