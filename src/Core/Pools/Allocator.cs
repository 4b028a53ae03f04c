using System.Collections.Immutable;
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
    /// <summary>How many addresses of a pool rest by the record, over restarts; older ones rest in memory only. Each costs an object of the API.</summary>
    public const int MostResting = 1000;

    public static AllocationDecision Decide(PoolBook book, AllocationRequest request)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(request);
        var changes = new List<ClaimChange>();
        var quota = new QuotaTally(book, request);
        var granted = new List<Address>(request.Families.Count);
        foreach (var family in request.Families)
        {
            var choice = Choose(book, request, family);
            if (choice.Refusal is { } refused) return AllocationDecision.Refuse(refused);
            var address = choice.Address!.Value;
            if (quota.Add(address) is { } over && !choice.IsKept) return AllocationDecision.Refuse(over);
            granted.Add(address);
            changes.Add(ClaimChange.Join(book.At(address), address, HomeOf(book, address), request));
        }
        var reason = changes.TrueForAll(change => Holds(change.Before, request)) ? Reason.AddressAdopted : Reason.AddressAssigned;
        changes.RemoveAll(static change => change.ChangesNothing);
        return new(new AllocationOutcome.Granted([.. granted], reason), [.. changes]);
    }

    /// <summary>One address, or why there is none.</summary>
    /// <param name="IsKept">The service had it before, by the books or by its status.</param>
    private readonly record struct Choice(Address? Address, AllocationOutcome.Refused? Refusal = null, bool IsKept = false);

    /// <summary>
    /// What must be written for the service to hold nothing here but <paramref name="keep"/>. A successor of the same name with another uid is left alone.
    /// </summary>
    /// <param name="gone">The service itself is gone; it may come again, and the pool may keep its addresses for it for
    /// a while. False: it merely moves.</param>
    public static EquatableList<ClaimChange> Release(PoolBook book, ServiceName service, string uid, EquatableList<Address> keep, DateTimeOffset now,
        bool gone = false)
    {
        ArgumentNullException.ThrowIfNull(book);
        var retained = gone && now + book.Pool?.Retention is { } until ? new Reservation(service.Namespace, service.Name, until) : null;
        return book.HeldBy(service)
            .Where(address => !keep.Contains(address))
            .Select(address => book.At(address)!)
            .Where(claim => claim.Pool == book.Name && claim.Holders.Contains(new ClaimHolder(service, uid)))
            .Select((claim, i) => ClaimChange.Leave(claim, service, retained, RestsFrom(book, claim, now, i)))
            .ToEquatableList();
    }

    /// <summary>
    /// What must be written when a stranger was heard to use the address; nothing when no service has it, or when it is in quarantine already.
    /// </summary>
    public static EquatableList<ClaimChange> Quarantine(PoolBook book, AddressConflict conflict, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(conflict);
        var duration = (book.Pool?.Conflicts ?? ConflictRule.Default).Quarantine;
        return book.At(conflict.Address) is { Holders.Count: > 0, Quarantine: null } claim ? [ClaimChange.Quarantined(claim, conflict, now + duration)] : [];
    }

    /// <summary>What must be written because quarantines and reservations have run out, and because addresses have rested enough.</summary>
    public static EquatableList<ClaimChange> Expire(PoolBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.DueAt(now)
            .Select((claim, i) => ClaimChange.Expired(claim, now, RestsFrom(book, claim, now, i)))
            .Concat(Rested(book).Select(ClaimChange.Rested))
            .ToEquatableList();
    }

    /// <summary>Claims that say no more than that an address rests, and say it in vain: too many rest, or the pool lets it rest no longer.</summary>
    public static IEnumerable<AddressClaim> Rested(PoolBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var many = book.RestingCount - MostResting;
        return book.Resting.Where((claim, i) => i < many || !book.Rests(claim.Address));
    }

    /// <summary>Holders whose terms must be learnt before the request can be decided.</summary>
    public static IEnumerable<ServiceName> UnknownTerms(PoolBook book, AllocationRequest request)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(request);
        var own = book.HeldBy(request.Service).AsEnumerable();
        if (request.Sharing.Key is { } key)
            own = (request.Sharing.OnRequest ? own.Concat(request.Held) : own.Concat(book.SharedUnder(key))).Concat(request.Wanted);
        else if (!request.AfterStart) return [];
        return own
            .SelectMany(address => book.At(address)?.Holders ?? [])
            .Select(holder => holder.Service)
            .Where(holder => holder != request.Service && book.TermsOf(holder) is null)
            .Distinct();
    }

    /// <summary>
    /// True when others, who wait, might share an address of the service from now on: it shares on other terms than before, or it has taken an address that
    /// it lets others share, in a pool that is full.
    /// </summary>
    /// <param name="decision">What is about to be granted; the books have the service's former terms still.</param>
    public static bool Invites(PoolBook book, AllocationRequest request, AllocationDecision decision)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(decision);
        if (book.TermsOf(request.Service) is { } before) return before != request.Sharing && (before.Key ?? request.Sharing.Key) is not null;
        return request.Sharing is { Key: not null, OnRequest: false } && decision.Changes.Count > 0
            && request.Families.Any(family => book.NextFree(family) is null);
    }

    /// <param name="after">How many others are freed before it at this moment.</param>
    private static DateTimeOffset? RestsFrom(PoolBook book, AddressClaim claim, DateTimeOffset now, int after) =>
        book.Rests(claim.Address) ? book.ReleasedAfter(now) + TimeSpan.FromMicroseconds(after) : null;

    private static Choice Choose(PoolBook book, AllocationRequest request, IpFamily family)
    {
        foreach (var wanted in request.Wanted)
        {
            if (wanted.Family == family)
                return new(wanted, AddressRule.Judge(book, request, wanted), Holds(book.At(wanted), request) || request.Held.Contains(wanted));
        }
        if (Kept(book, request, family) is { } kept) return new(kept, IsKept: true);
        if (AddressRule.Judge(book, family) is { } closed) return new(null, closed);
        return (Shared(book, request, family) ?? ReservedFor(book, request, family) ?? book.NextFree(family)) is { } found
            ? new(found)
            : new(null, Exhausted(book, request, family));
    }

    /// <summary>A service that would share is told what keeps it from that, too.</summary>
    private static AllocationOutcome.Refused Exhausted(PoolBook book, AllocationRequest request, IpFamily family)
    {
        var exhausted = Refusals.Exhausted(book, family);
        if (request.Sharing is not { Key: { } key, OnRequest: false }) return exhausted;
        var obstacle = book.SharedUnder(key).Where(address => address.Family == family).Select(address => AddressRule.Judge(book, request, address))
            .FirstOrDefault(refused => refused is not null);
        return obstacle is null ? exhausted : exhausted with { Message = $"{exhausted.Message} Under its sharing key: {obstacle.Message}" };
    }

    /// <summary>What the service holds by the books, and of several what it names first; else what its status shows, if nobody else has it.</summary>
    private static Address? Kept(PoolBook book, AllocationRequest request, IpFamily family)
    {
        foreach (var held in InOrderOf(request.Held, book.HeldBy(request.Service)))
        {
            if (held.Family == family && !request.Left.Contains(held) && AddressRule.Judge(book, request, held) is null) return held;
        }
        foreach (var shown in request.Held)
        {
            if (shown.Family == family && !request.Left.Contains(shown) && AddressRule.MayAdopt(book, request, shown)) return shown;
        }
        return null;
    }

    private static IEnumerable<Address> InOrderOf(EquatableList<Address> named, ImmutableArray<Address> held) =>
        held.Length > 1 ? held.OrderBy(address => Place(named, address)) : held;

    private static int Place(EquatableList<Address> named, Address address)
    {
        for (var i = 0; i < named.Count; i++)
        {
            if (named[i] == address) return i;
        }
        return int.MaxValue;
    }

    private static Address? Shared(PoolBook book, AllocationRequest request, IpFamily family)
    {
        foreach (var shared in request.Sharing is { Key: { } key, OnRequest: false } ? book.SharedUnder(key) : [])
        {
            if (shared.Family == family && AddressRule.Judge(book, request, shared) is null) return shared;
        }
        return null;
    }

    private static Address? ReservedFor(PoolBook book, AllocationRequest request, IpFamily family)
    {
        foreach (var address in book.HasReservations ? book.ReservedFor(request.Service) : [])
        {
            if (address.Family == family && book.Pool!.Contains(address)) return address;
        }
        return null;
    }

    private static bool Holds(AddressClaim? claim, AllocationRequest request) =>
        claim is not null && claim.IsHeldBy(request.Service);

    private static PoolName HomeOf(PoolBook book, Address address) =>
        book.At(address) is { } claim && book.Pool?.Contains(address) != true ? claim.Pool : book.Name;
}
