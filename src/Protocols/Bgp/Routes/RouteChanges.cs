using System.Runtime.InteropServices;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Routes of one family that go out together: announced with shared attributes, or withdrawn.</summary>
/// <param name="Attributes">Null for a withdrawal.</param>
public sealed record RouteBatch(PathAttributes? Attributes, ReadOnlyMemory<Nlri> Routes);

/// <summary>The least that has to be said so that a peer, who knows one set of routes, knows another (RFC 4271 §9.2).</summary>
public static class RouteChanges
{
    /// <summary>Withdrawals first, then one batch for each distinct set of attributes, in the order of destinations.</summary>
    public static IReadOnlyList<RouteBatch> Between(RouteSet known, RouteSet wanted)
    {
        var batches = new Batches();
        ReadOnlySpan<Route> before = known.AsSpan(), after = wanted.AsSpan();
        while (!before.IsEmpty || !after.IsEmpty)
        {
            var order = before.IsEmpty ? 1 : after.IsEmpty ? -1 : before[0].Nlri.CompareTo(after[0].Nlri);
            if (order < 0) batches.Withdraw(before[0].Nlri);
            else if (order > 0 || !Same(before[0].Attributes, after[0].Attributes)) batches.Announce(after[0]);
            if (order <= 0) before = before[1..];
            if (order >= 0) after = after[1..];
        }

        return batches.ToList();
    }

    /// <summary>Everything of one family: the answer to a ROUTE-REFRESH.</summary>
    public static IReadOnlyList<RouteBatch> All(RouteSet routes, Family family)
    {
        var batches = new Batches();
        foreach (ref readonly var route in routes.AsSpan())
        {
            if (route.Family == family) batches.Announce(route);
        }

        return batches.ToList();
    }

    private static bool Same(PathAttributes left, PathAttributes right) => ReferenceEquals(left, right) || left.Equals(right);

    private sealed class Batches
    {
        private readonly Dictionary<(PathAttributes? Attributes, Family Family), List<Nlri>> _lists = [];
        private readonly List<(PathAttributes? Attributes, List<Nlri> Routes)> _ordered = [];
        private (PathAttributes? Attributes, Family Family, List<Nlri>? Routes) _last;

        public void Withdraw(Nlri nlri) => ListFor(null, nlri.Prefix.Family).Add(nlri);

        public void Announce(in Route route) => ListFor(route.Attributes, route.Family).Add(route.Nlri);

        public List<RouteBatch> ToList() =>
            [.. _ordered.OrderBy(batch => batch.Attributes is not null).Select(batch => new RouteBatch(batch.Attributes, batch.Routes.ToArray()))];

        private List<Nlri> ListFor(PathAttributes? attributes, Family family)
        {
            if (_last.Routes is { } routes && ReferenceEquals(_last.Attributes, attributes) && _last.Family == family) return routes;
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_lists, (attributes, family), out var exists);
            if (!exists) _ordered.Add((attributes, list = []));
            _last = (attributes, family, list);
            return list!;
        }
    }
}
