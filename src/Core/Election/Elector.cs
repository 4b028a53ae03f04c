using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Decides which node announces a service. A living announcer keeps it; else, of the two nodes that rank best, the less loaded has it.</summary>
public static class Elector
{
    public static ElectionResult Elect(Candidacy service, ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(view);
        var whole = ElectForAll(service, view);
        return whole.Announcer is null && service.Addresses.Count > 1 ? ElectForSome(service, view) ?? whole : whole;
    }

    /// <summary>
    /// One address that cannot be announced, such as one of a family that no node has an interface for, does not silence the others. Where each can
    /// be announced, but none together, the first is.
    /// </summary>
    private static ElectionResult? ElectForSome(Candidacy service, ClusterView view)
    {
        var reachable = service.Addresses.Where(address => ElectForAll(service with { Addresses = [address] }, view).Announcer is not null).ToEquatableList();
        if (reachable.Count == 0) return null;
        if (reachable.Count == service.Addresses.Count) reachable = [reachable[0]];
        var unreachable = service.Addresses.Where(address => !reachable.Contains(address)).ToEquatableList();
        var result = ElectForAll(service with { Addresses = reachable }, view);
        return result with { Unreachable = unreachable,
            Message = $"{result.Message} Nobody announces {string.Join(" and ", unreachable)}: no node has an interface for all of its addresses." };
    }

    private static ElectionResult ElectForAll(Candidacy service, ClusterView view)
    {
        var (candidates, rejected) = Judge(service, view);
        if (service.Advertisements.Count == 0) return Nobody(Reason.NoAdvertisement, "no L2Advertisement covers its pool and means this service.", rejected);
        if (service.SelectiveAdvertisement is { } selective) return Nobody(Reason.SharedWithSelectors, SharedWithSelectors(service, selective), rejected);
        if (!service.HasEndpoint) return Nobody(Reason.NoEndpoint, "it has no endpoint that can serve.", rejected);
        if (candidates.Count == 0) return Nobody(ReasonOf(rejected), Describe(rejected), rejected);
        var announcer = Sticky(service, candidates) ?? LessLoaded(Best(candidates));
        return new(announcer, Reason.Announced, Praise(service, announcer, candidates), candidates, rejected);
    }

    /// <summary>A better place for a service that has a living announcer; null when it should stay. Nodes that are held down are not considered.</summary>
    public static Candidate? Improve(Candidacy service, ClusterView view, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(view);
        var (candidates, _) = Judge(service, view);
        if (candidates.FirstOrDefault(candidate => candidate.Node == service.Current) is not { } current) return null;
        var better =
            LessLoaded(
                Best(candidates.Where(candidate => candidate == current || candidate.HeldUntil is null).OrderBy(candidate => candidate, ByMerit)
                    .ToEquatableList()));
        if (better == current) return null;
        if (better.Doubtful != current.Doubtful || better.Weight != current.Weight) return better;
        var gap = current.Load - better.Load;
        return gap >= 2 * service.Addresses.Count && gap > current.Load * tolerance ? better : null;
    }

    private static (EquatableList<Candidate> Candidates, EquatableList<Rejected> Rejected) Judge(Candidacy service, ClusterView view)
    {
        var (candidates, rejected) = (new List<Candidate>(), new List<Rejected>());
        foreach (var node in view.Nodes)
        {
            var (candidate, reject) = Eligibility.Judge(service, node);
            if (candidate is not null) candidates.Add(candidate);
            if (reject is not null) rejected.Add(reject);
        }
        candidates.Sort(Foremost);
        return ([.. candidates], [.. rejected]);
    }

    /// <summary>Best first, whether or not they come and go.</summary>
    private static readonly Comparer<Candidate> ByMerit = Comparer<Candidate>.Create((one, other) =>
        one.Doubtful != other.Doubtful ? one.Doubtful.CompareTo(other.Doubtful)
        : one.Weight != other.Weight ? other.Weight.CompareTo(one.Weight)
        : one.Score != other.Score ? other.Score.CompareTo(one.Score)
        : one.Node.CompareTo(other.Node));

    /// <summary>Best first; a node has one place, so that no two are equal.</summary>
    private static readonly Comparison<Candidate> Foremost = (one, other) =>
        one.Doubtful != other.Doubtful ? one.Doubtful.CompareTo(other.Doubtful)
        : one.IsFlapping != other.IsFlapping ? one.IsFlapping.CompareTo(other.IsFlapping)
        : ByMerit.Compare(one, other);

    /// <summary>The present announcer, unless it is doubtful and another is not.</summary>
    private static Candidate? Sticky(Candidacy service, EquatableList<Candidate> candidates) =>
        candidates.FirstOrDefault(candidate => candidate.Node == service.Current && candidate.Doubtful == candidates[0].Doubtful);

    /// <summary>The two best-ranked candidates of the foremost class.</summary>
    private static EquatableList<Candidate> Best(EquatableList<Candidate> candidates) =>
        candidates.TakeWhile(candidate =>
            candidate.Doubtful == candidates[0].Doubtful && candidate.Weight == candidates[0].Weight && candidate.IsFlapping == candidates[0].IsFlapping)
                .Take(2).ToEquatableList();

    private static Candidate LessLoaded(EquatableList<Candidate> best) => best.Count > 1 && best[1].Load < best[0].Load ? best[1] : best[0];

    private static string Praise(Candidacy service, Candidate announcer, EquatableList<Candidate> candidates)
    {
        if (announcer.Node == service.Current) return $"node {announcer.Node} announces it and may go on.";
        var rank = candidates.TakeWhile(candidate => candidate != announcer).Count() + 1;
        return rank == 1
            ? $"node {announcer.Node} ranks first of {candidates.Count} for its address."
            : $"node {announcer.Node} ranks second of {candidates.Count} for its address and bears less load than the first.";
    }

    private static string SharedWithSelectors(Candidacy service, Layer2Advertisement advertisement) =>
        $"it shares its addresses (sharing key '{service.SharingKey}'), and {advertisement.Source} announces services by their labels, so that those it "
            + "shares with might be announced elsewhere; remove spec.serviceSelectors there, or the sharing key.";

    private static ElectionResult Nobody(Reason reason, string message, EquatableList<Rejected> rejected) => new(null, reason, message, [], rejected);

    /// <summary>The reason that all nodes share; else that there is no node for it.</summary>
    private static Reason ReasonOf(EquatableList<Rejected> rejected) =>
        rejected.Count > 0 && rejected.All(node => node.Reason == rejected[0].Reason) ? rejected[0].Reason : Reason.NoNode;

    private static string Describe(EquatableList<Rejected> rejected) => rejected.Count == 0
        ? "there is no node."
        : $"no node may announce it: {string.Join(' ', rejected.Select(node => $"{node.What}: {node.Message}"))}";
}
