using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Who is to announce, and who else was looked at.</summary>
/// <param name="Announcer">Null when nobody may.</param>
/// <param name="Reason">Why that node, or why nobody.</param>
/// <param name="Candidates">Everyone who may, best first.</param>
/// <param name="Rejected">Everyone who may not, sorted by name.</param>
public sealed record ElectionResult(Candidate? Announcer, Reason Reason, string Message, EquatableList<Candidate> Candidates, EquatableList<Rejected> Rejected);
