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
    /// service in particular before the default one, that before the others, each by priority and name.
    /// </summary>
    public static PoolChoice Of(ServiceRequest request, ClusterConfiguration configuration, EquatableList<Holding> holdings)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        if (request.Problems.FirstOrDefault(problem => problem.Severity == Severity.Error) is { } wrong)
        {
            return Refuse(new(Reason.InvalidRequest, wrong.Field.Length == 0 ? wrong.Message : $"{wrong.Field}: {wrong.Message}"));
        }
        if (request.Families.Count == 0) return Refuse(new(Reason.InvalidRequest, "the service names no IP family (spec.ipFamilies)."));
        if (request.Addresses.Count > 0) return RequestedAddresses.Choose(request, configuration, holdings);
        if (request.Pool is { } pool) return RequestedPool.Choose(request, configuration, pool);
        return UnaskedPools.Choose(request, configuration, holdings);
    }

    internal static PoolChoice Refuse(AllocationOutcome.Refused refusal) => new([], [], refusal);
}
