using System.Collections.Immutable;

namespace OrleansLb.Core.Addressing;

/// <summary>An immutable set of addresses, kept as the runs that they form: a full pool costs one entry, and the next absent address is found in O(log runs).</summary>
public sealed class AddressSet
{
    private readonly ImmutableSortedSet<AddressRange> _runs;

    private AddressSet(ImmutableSortedSet<AddressRange> runs) => _runs = runs;

    public static AddressSet Empty { get; } = new(ImmutableSortedSet.Create<AddressRange>(ByStart.Instance));

    public bool Contains(Address address) => RunAt(address) is not null;

    public AddressSet Add(Address address)
    {
        if (Contains(address)) return this;
        var runs = _runs;
        var (first, last) = (address, address);
        if (address.Value > 0 && RunAt(Step(address, -1)) is { } below)
        {
            runs = runs.Remove(below);
            first = below.First;
        }
        if (address.Value < address.Highest && RunAt(Step(address, 1)) is { } above)
        {
            runs = runs.Remove(above);
            last = above.Last;
        }
        return new(runs.Add(new(first, last)));
    }

    public AddressSet Remove(Address address)
    {
        if (RunAt(address) is not { } run) return this;
        var runs = _runs.Remove(run);
        if (run.First < address) runs = runs.Add(new(run.First, Step(address, -1)));
        if (run.Last > address) runs = runs.Add(new(Step(address, 1), run.Last));
        return new(runs);
    }

    /// <summary>The lowest address of the range, at or after <paramref name="from"/>, that is not in the set; null when there is none.</summary>
    public Address? NextAbsent(AddressRange range, Address from)
    {
        if (!range.Contains(from)) return null;
        if (RunAt(from) is not { } run) return from;
        return run.Last < range.Last ? Step(run.Last, 1) : null;
    }

    private AddressRange? RunAt(Address address) =>
        Floor(address) is >= 0 and var at && _runs[at] is var run && run.Contains(address) ? run : null;

    /// <summary>The index of the last run that starts at or before the address, or -1.</summary>
    private int Floor(Address address) => _runs.IndexOf(new(address, address)) is var at && at >= 0 ? at : ~at - 1;

    private static Address Step(Address address, int by) => address with { Value = by > 0 ? address.Value + 1 : address.Value - 1 };

    private sealed class ByStart : IComparer<AddressRange>
    {
        public static ByStart Instance { get; } = new();

        public int Compare(AddressRange x, AddressRange y) => x.First.CompareTo(y.First);
    }
}
