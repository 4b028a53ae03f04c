using OrleansLb.Core.Announcements;

namespace OrleansLb.Core.Election;

/// <summary>A service that was given another announcer before its own grain knew: that node has been assigned its addresses already.</summary>
/// <param name="At">When that was decided.</param>
/// <param name="Reason">Why that node.</param>
/// <param name="Resumed">Nobody announced it before, for everything has just started.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Relocation")]
public sealed record Relocation(
    [property: Id(0)] NodeName Node,
    [property: Id(1)] EquatableList<Assignment> Assignments,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] Reason Reason,
    [property: Id(4)] string Message,
    [property: Id(5)] bool Resumed = false)
{
    /// <summary>Of the new assignments.</summary>
    public long Epoch => Assignments.Select(assignment => assignment.Epoch).DefaultIfEmpty().Max();
}
