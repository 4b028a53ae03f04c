using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Walks through a set of routes in their order. Two of them can pass over what their sets share.</summary>
public struct RouteWalk
{
    private readonly ImmutableArray<Route[]> _pieces;
    private int _piece;
    private int _route;

    internal RouteWalk(ImmutableArray<Route[]> pieces) => (_pieces, _route) = (pieces, -1);

    /// <summary>The route at which it stands; there is none before the first step, and none at the end.</summary>
    public readonly ref readonly Route Current => ref _pieces[_piece][_route];

    internal readonly bool IsAtEnd => _piece == _pieces.Length;

    /// <summary>Steps to the next route; false when there is none.</summary>
    public bool MoveNext()
    {
        if (IsAtEnd) return false;
        if (++_route < _pieces[_piece].Length) return true;
        (_piece, _route) = (_piece + 1, 0);
        return !IsAtEnd;
    }

    /// <summary>Passes over a piece that both begin with from here on; false when there is none. Both walks have begun.</summary>
    internal static bool SkipShared(ref RouteWalk one, ref RouteWalk other)
    {
        if (one._route != 0 || other._route != 0 || one.IsAtEnd || other.IsAtEnd || !ReferenceEquals(one._pieces[one._piece], other._pieces[other._piece]))
            return false;
        one._piece++;
        other._piece++;
        return true;
    }
}
