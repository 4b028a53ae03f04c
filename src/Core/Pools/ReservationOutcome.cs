using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>What became of a wish about a reservation.</summary>
/// <param name="IsDone">It was granted, and is written.</param>
/// <param name="Address">The address in question; null when none could be found.</param>
/// <param name="Reason">Of a refusal; with <paramref name="Message"/> in words.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ReservationOutcome")]
public sealed record ReservationOutcome(
    [property: Id(0)] bool IsDone,
    [property: Id(1)] Address? Address,
    [property: Id(2)] Reason Reason,
    [property: Id(3)] string Message)
{
    public static ReservationOutcome Done(Address address, string message) => new(true, address, Reason.None, message);

    public static ReservationOutcome Refuse(Address? address, Reason reason, string message) => new(false, address, reason, message);
}
