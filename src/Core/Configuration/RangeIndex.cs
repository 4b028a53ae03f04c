using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>Disjoint ranges of addresses with the pools that have them, sorted, so that an overlap is found in O(log n).</summary>
internal sealed class RangeIndex
{
    private readonly List<(AddressRange Range, AddressPool Pool)> _entries = [];

    public (AddressRange Range, AddressPool Pool)? Overlapping(AddressRange range)
    {
        var at = LowerBound(range.First);
        if (at < _entries.Count && _entries[at].Range.Overlaps(range)) return _entries[at];
        return at > 0 && _entries[at - 1].Range.Overlaps(range) ? _entries[at - 1] : null;
    }

    public void Add(AddressRange range, AddressPool pool) => _entries.Insert(LowerBound(range.First), (range, pool));

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
