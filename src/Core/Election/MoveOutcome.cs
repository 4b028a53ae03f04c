namespace OrleansLb.Core.Election;

/// <summary>What became of an operator's wish that a node announce a service.</summary>
/// <param name="Moved">The node announces it, or is about to.</param>
/// <param name="From">The node that announced it before; null when none did.</param>
/// <param name="Message">In words, the reason of a refusal included.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.MoveOutcome")]
public sealed record MoveOutcome([property: Id(0)] bool Moved, [property: Id(1)] NodeName? From, [property: Id(2)] string Message)
{
    public static MoveOutcome Refuse(NodeName? from, string why) => new(false, from, why);
}
