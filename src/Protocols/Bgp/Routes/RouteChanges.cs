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
        var batches = new Batches(Math.Abs(wanted.Count - known.Count));
        RouteWalk before = known.GetEnumerator(), after = wanted.GetEnumerator();
        before.MoveNext();
        after.MoveNext();
        while (!before.IsAtEnd || !after.IsAtEnd)
        {
            if (RouteWalk.SkipShared(ref before, ref after)) continue;
            var order = before.IsAtEnd ? 1 : after.IsAtEnd ? -1 : before.Current.Nlri.CompareTo(after.Current.Nlri);
            if (order < 0) batches.Withdraw(before.Current.Nlri);
            else if (order > 0 || !Same(before.Current.Attributes, after.Current.Attributes)) batches.Announce(after.Current);
            if (order <= 0) before.MoveNext();
            if (order >= 0) after.MoveNext();
        }

        return batches.ToList();
    }

    /// <summary>Everything of one family: the answer to a ROUTE-REFRESH.</summary>
    public static IReadOnlyList<RouteBatch> All(RouteSet routes, Family family)
    {
        var batches = new Batches(routes.Count);
        foreach (ref readonly var route in routes)
        {
            if (route.Family == family) batches.Announce(route);
        }

        return batches.ToList();
    }

    private static bool Same(PathAttributes left, PathAttributes right) => ReferenceEquals(left, right) || left.Equals(right);

    /// <param name="expected">How many routes at least, all in all: the first batch is often the only one.</param>
    private sealed class Batches(int expected)
    {
        private readonly Dictionary<(PathAttributes? Attributes, Family Family), Batch> _batches = [];
        private readonly List<Batch> _ordered = [];
        private Batch? _last;

        public void Withdraw(Nlri nlri) => BatchFor(null, nlri.Prefix.Family).Add(nlri);

        public void Announce(in Route route) => BatchFor(route.Attributes, route.Family).Add(route.Nlri);

        public List<RouteBatch> ToList() =>
            [.. _ordered.OrderBy(batch => batch.Attributes is not null).Select(batch => new RouteBatch(batch.Attributes, batch.Routes))];

        private Batch BatchFor(PathAttributes? attributes, Family family)
        {
            if (_last is not null && ReferenceEquals(_last.Attributes, attributes) && _last.Family == family) return _last;
            ref var batch = ref CollectionsMarshal.GetValueRefOrAddDefault(_batches, (attributes, family), out var exists);
            if (!exists) _ordered.Add(batch = new(attributes, family, _ordered.Count == 0 ? expected : 0));
            return _last = batch!;
        }
    }

    private sealed class Batch(PathAttributes? attributes, Family family, int expected)
    {
        private const int Least = 4;

        private Nlri[] _routes = new Nlri[Math.Max(expected, Least)];
        private int _count;

        public PathAttributes? Attributes => attributes;

        public Family Family => family;

        public ReadOnlyMemory<Nlri> Routes => _routes.AsMemory(0, _count);

        public void Add(Nlri nlri)
        {
            if (_count == _routes.Length) Array.Resize(ref _routes, _count * 2);
            _routes[_count++] = nlri;
        }
    }
}
