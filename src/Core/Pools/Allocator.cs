using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>
/// Decides which addresses of a pool a service gets. Reads the books and changes nothing: the same books and request give the same decision. What a
/// service had before it keeps, until it lets go of it: it may still be announced.
/// </summary>
public static class Allocator
{
    public static AllocationDecision Decide(PoolBook book, AllocationRequest request)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(request);
        var changes = new List<ClaimChange>();
        var granted = new List<Address>(request.Families.Count);
        foreach (var family in request.Families)
        {
            if (Choose(book, request, family, out var refusal) is not { } address) return AllocationDecision.Refuse(refusal!);
            granted.Add(address);
            changes.Add(ClaimChange.Join(book.At(address), address, HomeOf(book, address), request));
        }
        var reason = granted.TrueForAll(address => Holds(book.At(address), request)) ? Reason.AddressAdopted : Reason.AddressAssigned;
        return new(new AllocationOutcome.Granted([.. granted], reason), changes.Where(change => !change.ChangesNothing).ToEquatableList());
    }

    /// <summary>What must be written for the service to hold nothing here but <paramref name="keep"/>. A successor of the same name with another uid is left alone.</summary>
    public static EquatableList<ClaimChange> Release(PoolBook book, ServiceName service, string uid, EquatableList<Address> keep)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.HeldBy(service)
            .Where(address => !keep.Contains(address))
            .Select(address => book.At(address)!)
            .Where(claim => claim.Pool == book.Name && claim.Holders.Contains(new ClaimHolder(service, uid)))
            .Select(claim => ClaimChange.Leave(claim, service))
            .ToEquatableList();
    }

    /// <summary>What must be written when a stranger was heard to use the address; nothing when no service has it, or when it is in quarantine already.</summary>
    public static EquatableList<ClaimChange> Quarantine(PoolBook book, AddressConflict conflict, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(conflict);
        var duration = (book.Pool?.Conflicts ?? ConflictRule.Default).Quarantine;
        return book.At(conflict.Address) is { Holders.Count: > 0, Quarantine: null } claim ? [ClaimChange.Quarantined(claim, conflict, now + duration)] : [];
    }

    /// <summary>What must be written because quarantines and reservations have run out.</summary>
    public static EquatableList<ClaimChange> Expire(PoolBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.DueAt(now).Select(claim => ClaimChange.Expired(claim, now)).ToEquatableList();
    }

    /// <summary>Holders whose terms must be learnt before the request can be decided.</summary>
    public static IEnumerable<ServiceName> UnknownTerms(PoolBook book, AllocationRequest request)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Sharing.Key is not { } key) return [];
        return book.SharedUnder(key)
            .Concat(request.Wanted)
            .SelectMany(address => book.At(address)?.Holders ?? [])
            .Select(holder => holder.Service)
            .Where(holder => holder != request.Service && book.TermsOf(holder) is null)
            .Distinct();
    }

    private static Address? Choose(PoolBook book, AllocationRequest request, IpFamily family, out AllocationOutcome.Refused? refusal)
    {
        foreach (var wanted in request.Wanted)
        {
            if (wanted.Family == family) return (refusal = AddressRule.Judge(book, request, wanted)) is null ? wanted : null;
        }
        if (Kept(book, request, family) is { } kept)
        {
            refusal = null;
            return kept;
        }
        if ((refusal = AddressRule.Judge(book, family)) is not null) return null;
        if ((Shared(book, request, family) ?? ReservedFor(book, request, family) ?? book.FirstFree(family)) is { } found) return found;
        refusal = Refusals.Exhausted(book.Pool!, family);
        return null;
    }

    /// <summary>What the service holds by the books, and of several what its status shows; else what its status shows, if nobody else has it.</summary>
    private static Address? Kept(PoolBook book, AllocationRequest request, IpFamily family)
    {
        foreach (var held in book.HeldBy(request.Service).OrderByDescending(request.Held.Contains))
        {
            if (held.Family == family && AddressRule.Judge(book, request, held) is null) return held;
        }
        foreach (var shown in request.Held)
        {
            if (shown.Family == family && AddressRule.MayAdopt(book, request, shown)) return shown;
        }
        return null;
    }

    private static Address? Shared(PoolBook book, AllocationRequest request, IpFamily family) =>
        request.Sharing.Key is { } key
            ? First(book.SharedUnder(key), shared => shared.Family == family && AddressRule.Judge(book, request, shared) is null)
            : null;

    /// <summary>An address that waits for this service by name goes before one that waits for its namespace.</summary>
    private static Address? ReservedFor(PoolBook book, AllocationRequest request, IpFamily family)
    {
        bool Waits(Address address, bool byName) => address.Family == family
            && book.Pool!.Contains(address)
            && book.At(address)!.Reserved is { } reserved
            && reserved.Name is not null == byName
            && AddressRule.IsFor(reserved, request.Service);
        return First(book.Reserved, address => Waits(address, byName: true)) ?? First(book.Reserved, address => Waits(address, byName: false));
    }

    private static bool Holds(AddressClaim? claim, AllocationRequest request) =>
        claim is not null && claim.Holders.Any(holder => holder.Service == request.Service);

    private static PoolName HomeOf(PoolBook book, Address address) =>
        book.At(address) is { } claim && book.Pool?.Contains(address) != true ? claim.Pool : book.Name;

    private static Address? First(IEnumerable<Address> addresses, Func<Address, bool> predicate)
    {
        foreach (var address in addresses)
        {
            if (predicate(address)) return address;
        }
        return null;
    }
}
