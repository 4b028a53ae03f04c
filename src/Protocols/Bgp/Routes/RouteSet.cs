using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansLb.Protocols.Bgp;

/// <summary>An immutable set of routes in the order of their destinations, one route for each.</summary>
public sealed class RouteSet
{
    private static readonly Comparer<Route> ByNlri = Comparer<Route>.Create((left, right) => left.Nlri.CompareTo(right.Nlri));

    private readonly ImmutableArray<Route> _routes;

    private RouteSet(ImmutableArray<Route> sorted) => _routes = sorted;

    public static RouteSet Empty { get; } = new([]);

    public int Count => _routes.Length;

    public ReadOnlySpan<Route> AsSpan() => _routes.AsSpan();

    /// <summary>Sorts, unless they are in order already; of several routes for one destination the last one stays.</summary>
    public static RouteSet Of(IEnumerable<Route> routes)
    {
        var sorted = routes.ToArray();
        if (!IsSorted(sorted)) sorted = LastOfEach([.. sorted.OrderBy(route => route.Nlri)]); // a stable sort
        return OfSorted(ImmutableCollectionsMarshal.AsImmutableArray(sorted));
    }

    public RouteSet With(Route route)
    {
        var index = Find(route.Nlri);
        return new(index >= 0 ? _routes.SetItem(index, route) : _routes.Insert(~index, route));
    }

    public RouteSet Without(Nlri nlri)
    {
        var index = Find(nlri);
        return index < 0 ? this : new(_routes.RemoveAt(index));
    }

    public bool Contains(Nlri nlri) => Find(nlri) >= 0;

    /// <summary>Takes routes that are in order already.</summary>
    internal static RouteSet OfSorted(ImmutableArray<Route> sorted) => sorted.IsEmpty ? Empty : new(sorted);

    private static bool IsSorted(ReadOnlySpan<Route> routes)
    {
        for (var i = 1; i < routes.Length; i++)
        {
            if (routes[i - 1].Nlri.CompareTo(routes[i].Nlri) >= 0) return false;
        }

        return true;
    }

    private static Route[] LastOfEach(Route[] sorted)
    {
        var kept = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (kept > 0 && sorted[kept - 1].Nlri == sorted[i].Nlri) kept--;
            sorted[kept++] = sorted[i];
        }

        return sorted[..kept];
    }

    private int Find(Nlri nlri) => _routes.BinarySearch(new Route(nlri, PathAttributes.None), ByNlri);
}
