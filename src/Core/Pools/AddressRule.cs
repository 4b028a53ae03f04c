using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>Says whether a service may have one particular address of a pool, and if not, why.</summary>
internal static class AddressRule
{
    /// <summary>Null when the pool may give out something new of the family.</summary>
    public static AllocationOutcome.Refused? Judge(PoolBook book, IpFamily family) => book.Pool switch
    {
        null => Refusals.NotConfigured(book.Name),
        { } pool when !pool.Has(family) => Refusals.FamilyNotInPool(pool, family),
        { Disabled: true } pool => Refusals.Disabled(pool),
        { Draining: true } pool => Refusals.Draining(pool),
        _ => null,
    };

    /// <summary>Null when the service may have the address, or keep it.</summary>
    public static AllocationOutcome.Refused? Judge(PoolBook book, AllocationRequest request, Address address)
    {
        var claim = book.At(address);
        if (claim?.Quarantine is { } quarantine) return Refusals.Quarantined(book, address, quarantine);
        var others = Others(claim, request);
        if (others.Count < (claim?.Holders.Count ?? 0))
            return request.AfterStart ? Staying(book, request, claim!, others) : Sharing(book, request, claim!, others);
        if (book.Pool is not { } pool) return Refusals.NotConfigured(book.Name);
        if (!pool.Contains(address)) return Refusals.NotInPool(book, address);
        if (Judge(book, address.Family) is { } closed) return closed;
        if (claim is { Reserved: { } reserved })
        {
            if (!IsFor(reserved, request.Service)) return Refusals.Reserved(book, address, reserved);
        }
        else if (pool.Avoids(address) && !request.Held.Contains(address)) return Refusals.Avoided(book, address);
        return others.Count == 0 ? null : Sharing(book, request, claim!, others);
    }

    /// <summary>True when the service's status shows the address rightly: it is of this pool, and nobody else's. A disabled pool keeps what it gave.</summary>
    public static bool MayAdopt(PoolBook book, AllocationRequest request, Address shown)
    {
        if (book.Pool?.Contains(shown) != true) return false;
        var claim = book.At(shown);
        if (claim?.Quarantine is not null) return false;
        if (claim is { Reserved: { } reserved } && !IsFor(reserved, request.Service)) return false;
        var others = Others(claim, request);
        return others.Count == 0 || Sharing(book, request, claim!, others) is null;
    }

    public static bool IsFor(Reservation reserved, ServiceName service) =>
        reserved.Namespace == service.Namespace && (reserved.Name is null || reserved.Name == service.Name);

    private static List<ServiceName> Others(AddressClaim? claim, AllocationRequest request) =>
        claim is null ? [] : [.. claim.Holders.Select(holder => holder.Service).Where(service => service != request.Service)];

    private static AllocationOutcome.Refused? Staying(PoolBook book, AllocationRequest request, AddressClaim claim, List<ServiceName> others)
    {
        var keepers = others.Count == 0 ? [request.Service] : Seniority.Keepers(book, claim, request);
        return keepers.Contains(request.Service) ? null : Sharing(book, request, claim, [.. keepers]) ?? Refusals.Held(book, claim.Address, keepers[0]);
    }

    private static AllocationOutcome.Refused? Sharing(PoolBook book, AllocationRequest request, AddressClaim claim, List<ServiceName> others)
    {
        if (others.Count == 0) return null;
        if (claim.SharingKey is null || request.Sharing.Key is null) return Refusals.Held(book, claim.Address, others[0]);
        if (claim.SharingKey != request.Sharing.Key) return Refusals.SharingKeyDiffers(claim, request, others[0]);
        foreach (var other in others)
        {
            if (book.Pool?.SharedAcrossNamespaces == false && !claim.IsHeldBy(request.Service) && other.Namespace != request.Service.Namespace)
                return Refusals.SharingNamespaceDiffers(book, claim.Address, other);
            if (book.TermsOf(other) is not { } terms) continue;
            if (terms.Backend != request.Sharing.Backend) return Refusals.SharingBackendDiffers(claim.Address, other);
            foreach (var port in request.Sharing.Ports)
            {
                if (terms.Ports.Contains(port)) return Refusals.SharingPortTaken(claim.Address, port, other);
            }
        }
        return null;
    }
}
