using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>A route that one peer does not get, and why.</summary>
public readonly record struct HeldBackRoute(Nlri Nlri, NotAdvertised Reason);

/// <summary>The routes that one peer is told, with their attributes as they stand on the wire (RFC 4271 §3.2).</summary>
public sealed class AdjRibOut
{
    private readonly RouteExport? _export;
    private readonly ImmutableArray<SelectedPiece> _pieces;

    private AdjRibOut(RouteExport? export, ImmutableArray<SelectedPiece> pieces)
    {
        (_export, _pieces) = (export, pieces);
        Routes = RouteSet.OfPieces(pieces.Select(piece => piece.Told));
        HeldBack = [.. pieces.SelectMany(piece => piece.HeldBack)];
    }

    /// <summary>What a peer has been told at the start of a session: nothing.</summary>
    public static AdjRibOut Empty { get; } = new(null, []);

    /// <summary>The routes that it is told.</summary>
    public RouteSet Routes { get; }

    /// <summary>The others, each with the reason.</summary>
    public ValueList<HeldBackRoute> HeldBack { get; }

    /// <param name="previous">What the peer was told by the same export before: what has not changed since is taken over.</param>
    public static AdjRibOut Select(RouteExport export, RouteSet desired, AdjRibOut? previous = null)
    {
        ArgumentNullException.ThrowIfNull(desired);
        var known = previous is not null && previous._export == export ? previous._pieces : [];
        var selected = ImmutableArray.CreateBuilder<SelectedPiece>(desired.Pieces.Length);
        var at = 0;
        foreach (var source in desired.Pieces)
        {
            while (at < known.Length && known[at].Source[0].Nlri < source[0].Nlri) at++;
            var last = selected.Count > 0 ? selected[^1].LastTold : null;
            selected.Add(at < known.Length && known[at].Fits(source, last) ? known[at] : SelectedPiece.Of(export, source, last));
        }

        return new(export, selected.DrainToImmutable());
    }

    /// <summary>What becomes of one piece of the desired routes.</summary>
    /// <param name="Follows">The prefix that was told last before it, if it is the first one here too: a peer may take only one path to it.</param>
    private sealed record SelectedPiece(Route[] Source, Prefix? Follows, Route[] Told, HeldBackRoute[] HeldBack)
    {
        public Prefix? LastTold => Told.Length > 0 ? Told[^1].Nlri.Prefix : Follows;

        public bool Fits(Route[] source, Prefix? last) => ReferenceEquals(Source, source) && Follows == Relevant(source, last);

        public static SelectedPiece Of(RouteExport export, Route[] source, Prefix? last)
        {
            var told = new List<Route>(source.Length);
            List<HeldBackRoute> heldBack = [];
            var follows = Relevant(source, last);
            var previous = follows;
            foreach (ref readonly var route in source.AsSpan())
            {
                var attributes = export.Apply(route.Attributes, route.Family, out var reason);
                var another = attributes is not null && previous == route.Nlri.Prefix && !export.Session.Send.HasAddPath(route.Family);
                if (attributes is null || another) heldBack.Add(new(route.Nlri, another ? NotAdvertised.AnotherPath : reason));
                else told.Add(new(route.Nlri, attributes));
                if (attributes is not null) previous = route.Nlri.Prefix;
            }

            return new(source, follows, [.. told], [.. heldBack]);
        }

        private static Prefix? Relevant(Route[] source, Prefix? last) => last == source[0].Nlri.Prefix ? last : null;
    }
}
