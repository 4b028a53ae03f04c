using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>A service that shows the addresses that it holds, and asks for nothing else: after a start it can be announced before its own grain is.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.StandingService")]
public readonly record struct StandingService([property: Id(0)] ServiceName Service, [property: Id(1)] Candidacy Candidacy)
{
    /// <summary>
    /// The service, if it shows what it holds and may ask for, no more and no less, and no stranger uses that; null otherwise, and where no advertisement of a
    /// segment means it.
    /// </summary>
    /// <param name="claims">Those that name it as a holder.</param>
    public static StandingService? Of(ServiceRequest request, EquatableList<AddressClaim> claims, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.IsWanted || request.Foreign || !Agree(request, claims)) return null;
        var advertisements = Advertising.Of(request, claims.Select(claim => new Holding(claim.Address, claim.Pool)).ToEquatableList(), configuration);
        if (advertisements.Count == 0) return null;
        var settled = request with { EndpointsAwaited = false }; // its slices were read with it
        return new(request.Service, Candidacy.Of(settled, request.Held.Order().ToEquatableList(), advertisements, current: null));
    }

    private static bool Agree(ServiceRequest request, EquatableList<AddressClaim> claims) =>
        claims.Count > 0
        && claims.Count == request.Held.Count
        && (request.Addresses.Count == 0 || request.Held.All(request.Addresses.Contains))
        && claims.All(claim => claim.Quarantine is null && request.Held.Contains(claim.Address)
            && claim.Holders.Contains(new ClaimHolder(request.Service, request.Uid)));
}
