using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>Which pools a service is to be served from, in which order.</summary>
/// <param name="Attempts">To be made in order until one succeeds; empty when nothing can be given.</param>
/// <param name="Rejected">Pools that are not tried, and why not.</param>
/// <param name="Refusal">Why nothing can be given; null when there are attempts.</param>
public sealed record PoolChoice(EquatableList<PoolAttempt> Attempts, EquatableList<Rejected> Rejected, AllocationOutcome.Refused? Refusal)
{
    /// <summary>
    /// Addresses asked for decide first, then the pool asked for, then what is held already, then the pools that give unasked: those for this
    /// service in particular before the default one, that before the others, each by priority, then the least used, then by name.
    /// </summary>
    /// <param name="fill">How much of the pools that <see cref="Ties"/> names is used; a pool that it lacks counts as empty.</param>
    public static PoolChoice Of(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings,
        IReadOnlyDictionary<PoolName, double>? fill = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        if (request.Problems.FirstOrDefault(problem => problem.Severity == Severity.Error) is { } wrong)
        {
            return Refuse(new(Reason.InvalidRequest, wrong.Field.Length == 0 ? wrong.Message : $"{wrong.Field}: {wrong.Message}"));
        }
        if (request.Families.Count == 0) return Refuse(new(Reason.InvalidRequest, "the service names no IP family (spec.ipFamilies)."));
        if (request is { FamilyPolicy: FamilyPolicy.RequireDualStack, Families: [var only] })
        {
            return Refuse(new(Reason.FamilyNotWanted,
                $"the service requires two IP families (spec.ipFamilyPolicy) and has {only} only (spec.ipFamilies); the cluster itself has to be of both."));
        }
        if (request.Addresses.Count > 0) return RequestedAddresses.Choose(request, configuration, holdings);
        if (request.Pool is { } pool) return RequestedPool.Choose(request, configuration, pool, holdings);
        return UnaskedPools.Choose(request, configuration, holdings, fill ?? ImmutableDictionary<PoolName, double>.Empty);
    }

    /// <summary>Pools between which only their use decides for the service; empty where that does not matter.</summary>
    public static IEnumerable<PoolName> Ties(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        var isSettled = request.Addresses.Count > 0 || request.Pool is not null
            || request.Families.All(family => holdings.Any(holding => holding.Address.Family == family));
        return isSettled ? [] : UnaskedPools.Ties(request, configuration);
    }

    /// <summary>Addresses that the service holds and is to leave for others: their pools are drained, or have them no longer and say so.</summary>
    internal static EquatableList<Address> Leaving(ClusterConfiguration configuration, EquatableList<Holding> holdings) => holdings
        .Where(holding => configuration.Pools.FirstOrDefault(pool => pool.Name == holding.Pool)?.IsLeaving(holding.Address) == true)
        .Select(holding => holding.Address)
        .ToEquatableList();

    internal static PoolChoice Refuse(AllocationOutcome.Refused refusal) => new([], [], refusal);
}
