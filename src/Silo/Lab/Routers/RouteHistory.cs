using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>What the router's table was at each moment, by the changes that its kernel told.</summary>
internal sealed class RouteHistory(ImmutableList<RouteEvent> events)
{
    /// <summary>Where each prefix leads now.</summary>
    public IReadOnlyDictionary<Prefix, EquatableList<Address>> Table => TableAt(long.MaxValue);

    /// <summary>The changes since a moment.</summary>
    public IEnumerable<RouteEvent> Since(long moment) => events.Where(change => change.At >= moment);

    /// <summary>The first moment from <paramref name="since"/> on at which exactly so many prefixes led to the next hop; null: there was none yet.</summary>
    public long? FirstWith(Address nextHop, int prefixes, long since)
    {
        var leading = TableAt(since).Where(route => route.Value.Contains(nextHop)).Select(route => route.Key).ToHashSet();
        if (leading.Count == prefixes) return since;
        foreach (var change in Since(since))
        {
            if (change.NextHops.Contains(nextHop)) leading.Add(change.Prefix);
            else leading.Remove(change.Prefix);
            if (leading.Count == prefixes) return change.At;
        }
        return null;
    }

    /// <summary>Each time since a moment in which one of the prefixes led nowhere; null for its end: it still does.</summary>
    public IReadOnlyList<RouteGap> Gaps(IEnumerable<Prefix> prefixes, long since) => [.. prefixes.SelectMany(prefix => GapsOf(prefix, since))];

    private IEnumerable<RouteGap> GapsOf(Prefix prefix, long since)
    {
        long? from = TableAt(since).ContainsKey(prefix) ? null : since;
        foreach (var change in Since(since).Where(change => change.Prefix == prefix))
        {
            if (change.NextHops.Count == 0) from ??= change.At;
            else if (from is { } began)
            {
                yield return new(prefix, began, change.At);
                from = null;
            }
        }
        if (from is { } open) yield return new(prefix, open, null);
    }

    private Dictionary<Prefix, EquatableList<Address>> TableAt(long moment)
    {
        var table = new Dictionary<Prefix, EquatableList<Address>>();
        foreach (var change in events.TakeWhile(change => change.At < moment))
        {
            if (change.NextHops.Count == 0) table.Remove(change.Prefix);
            else table[change.Prefix] = change.NextHops;
        }
        return table;
    }
}

/// <summary>A time in which a prefix led nowhere.</summary>
internal sealed record RouteGap(Prefix Prefix, long From, long? To);
