using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>What a pool answered.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.AllocationOutcome")]
public abstract record AllocationOutcome
{
    private AllocationOutcome()
    {
    }

    /// <summary>The service holds these addresses, in the order of the families asked for.</summary>
    /// <param name="Reason"><see cref="Reason.AddressAssigned"/>, or <see cref="Reason.AddressAdopted"/> when it held them already.</param>
    [GenerateSerializer, Immutable, Alias("orleanslb.AllocationOutcome.Granted")]
    public sealed record Granted([property: Id(0)] EquatableList<Address> Addresses, [property: Id(1)] Reason Reason) : AllocationOutcome;

    /// <summary>The service gets nothing here.</summary>
    /// <param name="Message">What stands in the way and what would help, for an operator.</param>
    [GenerateSerializer, Immutable, Alias("orleanslb.AllocationOutcome.Refused")]
    public sealed record Refused([property: Id(0)] Reason Reason, [property: Id(1)] string Message) : AllocationOutcome;
}
