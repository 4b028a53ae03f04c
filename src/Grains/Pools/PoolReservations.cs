using OrleansLb.Core.Pools;

namespace OrleansLb.Grains.Pools;

/// <summary>Carries out what is decided on reservations of one pool: anew as often as somebody else wrote first. Belongs to the pool's grain.</summary>
internal sealed class PoolReservations(PoolBook book, ClaimWriter writer, TimeProvider time)
{
    /// <summary>More in a row is no accident but a fault.</summary>
    private const int MostConflicts = 1000;

    public async Task<ReservationOutcome> Carry(Func<PoolBook, DateTimeOffset, ReservationDecision> decide)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var decision = decide(book, time.GetUtcNow());
            if (writer.InFlight(decision.Changes) is { } others)
            {
                await others;
                continue;
            }
            var written = await writer.Write(decision.Changes);
            if (written == ClaimsWritten.Done) return decision.Outcome;
            if (written == ClaimsWritten.Unavailable)
            {
                return ReservationOutcome.Refuse(decision.Outcome.Address, Core.Reason.RecordUnavailable,
                    $"whether the reservation was written is unknown, ask again: {writer.Fault}");
            }
            GrainsTelemetry.ClaimConflicted(book.Name);
        }
        throw new InvalidOperationException($"The claims of pool {book.Name} changed {MostConflicts} times while a reservation waited.");
    }
}
