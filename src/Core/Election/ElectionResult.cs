using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Who is to announce, and who else was looked at.</summary>
/// <param name="Announcer">Null when nobody may.</param>
/// <param name="Reason">Why that node, or why nobody.</param>
/// <param name="Candidates">Everyone who may, best first.</param>
/// <param name="Rejected">Everyone who may not, sorted by name.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ElectionResult")]
public sealed record ElectionResult(
    [property: Id(0)] Candidate? Announcer,
    [property: Id(1)] Reason Reason,
    [property: Id(2)] string Message,
    [property: Id(3)] EquatableList<Candidate> Candidates,
    [property: Id(4)] EquatableList<Rejected> Rejected);
