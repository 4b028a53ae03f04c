using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>
/// An immutable set of routes in the order of their destinations, one route for each. It stands in pieces, so that a set with one route more or less shares
/// all pieces but one with the set that it came from: what differs between the two is found without looking at the rest.
/// </summary>
public sealed class RouteSet
{
    private RouteSet(ImmutableArray<Route[]> pieces, int count) => (Pieces, Count) = (pieces, count);

    /// <summary>No route.</summary>
    public static RouteSet Empty { get; } = new([], 0);

    /// <summary>How many routes there are.</summary>
    public int Count { get; }

    /// <summary>None of them is empty, none is ever written to.</summary>
    internal ImmutableArray<Route[]> Pieces { get; }

    /// <summary>Sorts, unless they are in order already; of several routes for one destination the last one stays.</summary>
    public static RouteSet Of(IEnumerable<Route> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var pieces = new RoutePieces();
        foreach (var route in routes) pieces.Add(route);
        return OfPieces(pieces.InOrder());
    }

    /// <summary>With the route in place of any other for its destination.</summary>
    public RouteSet With(Route route)
    {
        if (Count == 0) return new([[route]], 1);
        var piece = PieceFor(route.Nlri);
        var index = RoutePieces.Find(Pieces[piece], route.Nlri);
        return index >= 0
            ? new(Pieces.SetItem(piece, RoutePieces.Replaced(Pieces[piece], index, route)), Count)
            : new(Put(piece, RoutePieces.Inserted(Pieces[piece], ~index, route)), Count + 1);
    }

    /// <summary>Without the route for the destination, if there is one.</summary>
    public RouteSet Without(Nlri nlri)
    {
        if (Count == 0) return this;
        var piece = PieceFor(nlri);
        var index = RoutePieces.Find(Pieces[piece], nlri);
        if (index < 0) return this;
        if (Count == 1) return Empty;
        return new(Pieces[piece].Length == 1 ? Pieces.RemoveAt(piece) : Pieces.SetItem(piece, RoutePieces.Without(Pieces[piece], index)), Count - 1);
    }

    /// <summary>Whether there is a route for the destination.</summary>
    public bool Contains(Nlri nlri) => Count > 0 && RoutePieces.Find(Pieces[PieceFor(nlri)], nlri) >= 0;

    /// <summary>Walks through the routes in order, without allocating.</summary>
    public RouteWalk GetEnumerator() => new(Pieces);

    /// <summary>A copy in order.</summary>
    public Route[] ToArray() => [.. Pieces.SelectMany(piece => piece)];

    /// <summary>Takes pieces of which each is in order, and behind the one before it.</summary>
    internal static RouteSet OfPieces(IEnumerable<Route[]> pieces)
    {
        ImmutableArray<Route[]> some = [.. pieces.Where(piece => piece.Length > 0)];
        return some.IsEmpty ? Empty : new(some, some.Sum(piece => piece.Length));
    }

    private ImmutableArray<Route[]> Put(int at, Route[] piece) =>
        piece.Length <= RoutePieces.MostRoutes ? Pieces.SetItem(at, piece)
        : [.. Pieces.AsSpan()[..at], piece[..(piece.Length / 2)], piece[(piece.Length / 2)..], .. Pieces.AsSpan()[(at + 1)..]];

    /// <summary>The last piece that does not begin behind the destination: where it stands, or would.</summary>
    private int PieceFor(Nlri nlri)
    {
        var (low, high) = (0, Pieces.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Pieces[middle][0].Nlri <= nlri) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
