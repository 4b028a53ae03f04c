using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>One change of the books that a decision asks for.</summary>
/// <param name="Before">The claim as the books have it; null when there is none.</param>
/// <param name="After">The claim as it shall be; null when it shall be deleted.</param>
public readonly record struct ClaimChange(AddressClaim? Before, AddressClaim? After)
{
    public Address Address => (After ?? Before)!.Address;

    public bool ChangesNothing => After == Before;

    /// <summary>The service becomes a holder of the address, in place of a predecessor of its name.</summary>
    public static ClaimChange Join(AddressClaim? claim, Address address, PoolName pool, AllocationRequest request)
    {
        var holder = new ClaimHolder(request.Service, request.Uid);
        if (claim is null) return new(null, new(address, pool, [holder], request.Sharing.Key));
        var holders = claim.Holders.Contains(holder) ? claim.Holders : Without(claim, request.Service).Append(holder).ToEquatableList();
        return new(claim, claim with { Pool = pool, Holders = holders, SharingKey = request.Sharing.Key, Reserved = Unspent(claim.Reserved), Released = null });
    }

    /// <summary>A reservation with an end is spent when the address is taken.</summary>
    private static Reservation? Unspent(Reservation? reserved) => reserved?.Until is null ? reserved : null;

    /// <summary>Nobody is given the address until then. Those who hold it lose it now if it was not in use, and otherwise once they have another.</summary>
    public static ClaimChange Quarantined(AddressClaim claim, AddressConflict conflict, DateTimeOffset until)
    {
        var after = claim with { Quarantine = new(conflict.Holder, conflict.Node, conflict.Interface, until) };
        return new(claim, conflict.InUse ? after : after with { Holders = [], SharingKey = null });
    }

    /// <summary>What has run out by now ends; the claim goes when nothing is left of it.</summary>
    /// <param name="rests">When the address begins to rest then; null where addresses do not.</param>
    public static ClaimChange Expired(AddressClaim claim, DateTimeOffset now, DateTimeOffset? rests)
    {
        var after = claim with
        {
            Quarantine = claim.Quarantine is { } quarantine && quarantine.Until > now ? quarantine : null,
            Reserved = claim.Holders.Count == 0 && claim.Reserved?.Until <= now ? null : claim.Reserved,
        };
        return Remaining(claim, after, rests);
    }

    /// <summary>The holder lets go; a claim that is left without meaning goes.</summary>
    /// <param name="retained">For whom it is kept from then on if nobody else holds it and it is not reserved; null for nobody.</param>
    /// <param name="rests">When the address begins to rest if it is free then; null where addresses do not.</param>
    public static ClaimChange Leave(AddressClaim claim, ServiceName service, Reservation? retained, DateTimeOffset? rests)
    {
        var rest = Without(claim, service).ToEquatableList();
        if (rest.Count > 0) return new(claim, claim with { Holders = rest });
        var after = claim with { Holders = rest, SharingKey = null, Reserved = claim.Reserved ?? (claim.Quarantine is null ? retained : null) };
        return Remaining(claim, after, rests);
    }

    /// <summary>The address is kept for somebody from now on, or for another time.</summary>
    public static ClaimChange Reserve(AddressClaim? claim, Address address, PoolName pool, Reservation terms) =>
        claim is null ? new(null, new(address, pool, [], Reserved: terms)) : new(claim, claim with { Pool = pool, Reserved = terms, Released = null });

    /// <summary>It is kept for nobody in particular any more; a claim that is left without meaning goes.</summary>
    /// <param name="rests">When the address begins to rest if it is free then; null where addresses do not.</param>
    public static ClaimChange Unreserve(AddressClaim claim, DateTimeOffset? rests) => Remaining(claim, claim with { Reserved = null }, rests);

    /// <summary>The address has rested enough, or its pool lets none rest.</summary>
    public static ClaimChange Rested(AddressClaim claim) => new(claim, null);

    private static ClaimChange Remaining(AddressClaim claim, AddressClaim after, DateTimeOffset? rests) =>
        new(claim, IsNeeded(after) ? after : rests is null ? null : after with { Released = rests });

    private static bool IsNeeded(AddressClaim claim) => claim.Holders.Count > 0 || claim.Reserved is not null || claim.Quarantine is not null;

    private static IEnumerable<ClaimHolder> Without(AddressClaim claim, ServiceName service) => claim.Holders.Where(other => other.Service != service);
}
