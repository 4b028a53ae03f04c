using OrleansLb.Core.Addressing;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Who is to announce, and who else was looked at.</summary>
/// <param name="Announcer">Null when nobody may.</param>
/// <param name="Reason">Why that node, or why nobody.</param>
/// <param name="Candidates">Everyone who may, best first.</param>
/// <param name="Rejected">Everyone who may not, sorted by name.</param>
/// <param name="Unreachable">Addresses that the announcer is not to announce: no node that may announce the others has an interface for them.</param>
/// <param name="Ahead">What has been assigned on the service's behalf since it last took part in an election; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ElectionResult")]
public sealed record ElectionResult(
    [property: Id(0)] Candidate? Announcer,
    [property: Id(1)] Reason Reason,
    [property: Id(2)] string Message,
    [property: Id(3)] EquatableList<Candidate> Candidates,
    [property: Id(4)] EquatableList<Rejected> Rejected,
    [property: Id(5)] Relocation? Ahead = null,
    [property: Id(6)] EquatableList<Address> Unreachable = default)
{
    /// <summary>The nodes that answer for the service each to a share of the askers, sorted; empty where one node answers all.</summary>
    public EquatableList<NodeName> Sharers => Announcer is { Style.Spread: true } announcer
        ? Candidates.Where(candidate => candidate.Doubtful == announcer.Doubtful && candidate.Style?.Spread == true).Select(candidate => candidate.Node)
            .Append(announcer.Node).Distinct().Order().ToEquatableList()
        : [];

    /// <summary>Everyone who may and does not, best first, with why not.</summary>
    public IEnumerable<Rejected> Others => Candidates
        .Where(candidate => candidate.Node != Announcer?.Node)
        .Select(candidate => new Rejected($"node {candidate.Node}", Reason.NodeComesLater, WhyNot(candidate)));

    private string WhyNot(Candidate candidate)
    {
        var load = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"it bears {candidate.Load} addresses.");
        if (Announcer is not { } announcer) return load;
        if (candidate.Doubtful && !announcer.Doubtful) return $"Kubernetes says that it is not ready, or is being drained; node {announcer.Node} is sound.";
        if (candidate.HeldUntil is { } until)
            return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"it came back{(candidate.Returns > 1 ? $" {candidate.Returns} times of late" : "")}, and is given nothing that another announces before "
                    + $"{until:HH:mm:ss} UTC; {load}");
        if (candidate.Weight < announcer.Weight) return $"node {announcer.Node} is preferred to it (weight {announcer.Weight} to {candidate.Weight}).";
        var before = Candidates.TakeWhile(other => other != candidate).Any(other => other == announcer);
        return before
            ? $"node {announcer.Node} ranks before it; {load}"
            : $"it ranks before node {announcer.Node}, which announced it already or bears less; {load}";
    }
}
