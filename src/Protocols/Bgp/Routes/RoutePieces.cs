namespace OrleansLb.Protocols.Bgp;

/// <summary>Collects routes into the pieces of a set; and the changes of one piece.</summary>
internal sealed class RoutePieces
{
    /// <summary>Few enough that a changed piece is a small object to the garbage collector, many enough that there are few pieces.</summary>
    public const int MostRoutes = 512;

    private readonly List<Route[]> _full = [];
    private Route[] _open = [];
    private int _count;
    private Nlri? _last;
    private bool _isInOrder = true;

    public void Add(in Route route)
    {
        _isInOrder &= _last is not { } last || last < route.Nlri;
        _last = route.Nlri;
        if (_count == _open.Length) Grow();
        _open[_count++] = route;
    }

    public List<Route[]> InOrder()
    {
        List<Route[]> pieces = [.. _full, _open[.._count]];
        if (_isInOrder) return pieces;
        var sorted = new RoutePieces();
        foreach (var route in LastOfEach([.. pieces.SelectMany(piece => piece).OrderBy(route => route.Nlri)])) sorted.Add(route); // a stable sort
        return sorted.InOrder();
    }

    /// <summary>Where a destination stands in a piece; the complement of where it would, when it does not.</summary>
    public static int Find(Route[] piece, Nlri nlri)
    {
        var (low, high) = (0, piece.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = piece[middle].Nlri.CompareTo(nlri);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    public static Route[] Replaced(Route[] piece, int index, Route route)
    {
        Route[] changed = [.. piece];
        changed[index] = route;
        return changed;
    }

    public static Route[] Inserted(Route[] piece, int index, Route route) => [.. piece.AsSpan(0, index), route, .. piece.AsSpan(index)];

    public static Route[] Without(Route[] piece, int index) => [.. piece.AsSpan(0, index), .. piece.AsSpan(index + 1)];

    private void Grow()
    {
        const int First = 4;
        if (_count == MostRoutes)
        {
            _full.Add(_open);
            (_open, _count) = (new Route[MostRoutes], 0);
        }
        else Array.Resize(ref _open, _full.Count > 0 ? MostRoutes : Math.Min(MostRoutes, Math.Max(First, _count * 2)));
    }

    private static IEnumerable<Route> LastOfEach(Route[] sorted)
    {
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i + 1 == sorted.Length || sorted[i].Nlri != sorted[i + 1].Nlri) yield return sorted[i];
        }
    }
}
