namespace OrleansLb.Core.Pools;

/// <summary>What the allocator decided, and what must be written before the answer may be given.</summary>
/// <param name="Changes">Empty when the books say it all already.</param>
public sealed record AllocationDecision(AllocationOutcome Outcome, EquatableList<ClaimChange> Changes)
{
    public static AllocationDecision Refuse(AllocationOutcome.Refused refusal) => new(refusal, []);
}
