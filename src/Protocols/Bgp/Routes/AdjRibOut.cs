using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>A route that one peer does not get, and why.</summary>
public readonly record struct HeldBackRoute(Nlri Nlri, NotAdvertised Reason);

/// <summary>The routes that one peer is told, with their attributes as they stand on the wire (RFC 4271 §3.2).</summary>
public sealed record AdjRibOut(RouteSet Routes, ValueList<HeldBackRoute> HeldBack)
{
    public static AdjRibOut Empty { get; } = new(RouteSet.Empty, default);

    public static AdjRibOut Select(RouteExport export, RouteSet desired)
    {
        var routes = ImmutableArray.CreateBuilder<Route>(desired.Count);
        var heldBack = ImmutableArray.CreateBuilder<HeldBackRoute>();
        var memory = new ExportMemory(export);
        foreach (ref readonly var route in desired.AsSpan())
        {
            var (attributes, reason) = memory.Apply(route);
            var another = attributes is not null && routes.Count > 0 && IsAnotherPath(routes[^1].Nlri, route.Nlri, export.Session.Send);
            if (attributes is null || another) heldBack.Add(new(route.Nlri, another ? NotAdvertised.AnotherPath : reason));
            else routes.Add(new(route.Nlri, attributes));
        }

        return new(RouteSet.OfSorted(routes.DrainToImmutable()), new(heldBack.DrainToImmutable()));
    }

    private static bool IsAnotherPath(Nlri last, Nlri next, UpdateFormat format) =>
        last.Prefix == next.Prefix && !format.HasAddPath(next.Prefix.Family);

    /// <summary>Most routes share their attributes with the one before: compare references first, values second, and export only what is new.</summary>
    private sealed class ExportMemory(RouteExport export)
    {
        private readonly Dictionary<(PathAttributes, Family), (PathAttributes?, NotAdvertised)> _known = [];
        private Route _last;
        private (PathAttributes?, NotAdvertised) _answer;

        public (PathAttributes? Attributes, NotAdvertised Reason) Apply(in Route route)
        {
            if (ReferenceEquals(_last.Attributes, route.Attributes) && _last.Family == route.Family) return _answer;
            _last = route;
            if (_known.TryGetValue((route.Attributes, route.Family), out _answer)) return _answer;
            var exported = export.Apply(route.Attributes, route.Family, out var reason);
            return _known[(route.Attributes, route.Family)] = _answer = (exported, reason);
        }
    }
}
