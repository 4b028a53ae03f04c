using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>What is to be answered, once the changes are written.</summary>
public sealed record ReservationDecision(ReservationOutcome Outcome, EquatableList<ClaimChange> Changes);

/// <summary>Decides on reservations in one pool. Reads the books and changes nothing.</summary>
public static class Reserving
{
    /// <param name="wanted">The address; null for the next that is free.</param>
    /// <param name="family">Of the next free one.</param>
    public static ReservationDecision Reserve(PoolBook book, Address? wanted, IpFamily family, Reservation terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(terms);
        if (terms is { Namespace: null, Name: not null })
            return Refuse(wanted, new(Reason.InvalidRequest, $"the reservation names service {terms.Name} and no namespace."));
        if (terms.Until <= now) return Refuse(wanted, new(Reason.InvalidRequest, $"the reservation would have ended already, at {terms.Until:O}."));
        if (AddressRule.Judge(book, wanted?.Family ?? family) is { } closed) return Refuse(wanted, closed);
        if ((wanted ?? book.NextFree(family)) is not { } address) return Refuse(null, Refusals.Exhausted(book, family));
        if (Obstacle(book, address, terms) is { } refused) return Refuse(address, refused);
        var change = ClaimChange.Reserve(book.At(address), address, book.Name, terms);
        return new(ReservationOutcome.Done(address, $"{address} of pool {book.Name} is reserved for {Refusals.For(terms)}."),
            change.ChangesNothing ? [] : [change]);
    }

    public static ReservationDecision Cancel(PoolBook book, Address address, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        if (book.At(address) is not { Reserved: { } reserved } claim) return Refuse(address, new(Reason.InvalidRequest, $"{address} is not reserved."));
        var rests = book.Rests(address) ? book.ReleasedAfter(now) : (DateTimeOffset?)null;
        return new(ReservationOutcome.Done(address, $"{address} of pool {book.Name} is no longer reserved for {Refusals.For(reserved)}."),
            [ClaimChange.Unreserve(claim, rests)]);
    }

    private static AllocationOutcome.Refused? Obstacle(PoolBook book, Address address, Reservation terms)
    {
        if (book.Pool?.Contains(address) != true) return Refusals.NotInPool(book, address);
        if (book.At(address) is not { } claim) return null;
        if (claim.Quarantine is { } quarantine) return Refusals.Quarantined(book, address, quarantine);
        if (claim.Reserved is { } reserved && (reserved.Namespace, reserved.Name) != (terms.Namespace, terms.Name))
            return Refusals.Reserved(book, address, reserved);
        foreach (var holder in claim.Holders)
        {
            if (!AddressRule.IsFor(terms, holder.Service)) return Refusals.Held(book, address, holder.Service);
        }
        return null;
    }

    private static ReservationDecision Refuse(Address? address, AllocationOutcome.Refused refused) =>
        new(ReservationOutcome.Refuse(address, refused.Reason, refused.Message), []);
}
