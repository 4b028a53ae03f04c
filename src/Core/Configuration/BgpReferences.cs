using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Configuration;

/// <summary>What BGP objects say of each other: names that nobody bears, and preferences that contradict.</summary>
/// <param name="offered">All that is declared, whether it will be taken or not.</param>
internal sealed class BgpReferences(IReadOnlyCollection<Declaration> offered)
{
    private readonly EquatableList<CommunityAlias> _aliases = offered.OfType<CommunityAlias>().ToEquatableList();
    private readonly HashSet<string> _profiles = [.. offered.OfType<BfdProfile>().Select(profile => profile.Name)];
    private readonly List<AddressPool> _pools = [.. offered.OfType<AddressPool>()];

    /// <summary>A route without a community that was to go with it may reach further than it should: so the advertisement waits for it.</summary>
    public IEnumerable<Problem> Faults(BgpAdvertisement advertisement) => advertisement.Communities
        .OfType<Community.Named>()
        .Where(community => CommunityNames.Find(community.Name, _aliases) is null)
        .Select(community => Error(advertisement, "spec.communities",
            $"there is no community '{community.Name}'; create a Community that gives the name a value, or write the value, such as "
                + $"64500:100.{Meant(community.Name, _aliases.Select(alias => alias.Name))}"));

    /// <summary>A peer that was to be watched is not to be used unwatched: so it waits for its profile.</summary>
    public IEnumerable<Problem> Faults(BgpPeer peer)
    {
        if (peer.BfdProfile is not { } name || _profiles.Contains(name)) yield break;
        yield return Error(peer, "spec.bfdProfile",
            $"referencing non existing bfd profile '{name}'; create a BFDProfile of that name, or remove the reference.{Meant(name, _profiles)}");
    }

    /// <summary>One prefix has one local preference towards one peer.</summary>
    public IEnumerable<Problem> PreferenceFaults(BgpAdvertisement advertisement, IEnumerable<Declaration> others) =>
        PreferenceClashes.Of(advertisement, others, _pools);

    private static string Meant(string name, IEnumerable<string> known) => Similarity.Nearest(name, known) is { } near ? $" Did you mean '{near}'?" : "";

    private static Problem Error(Declaration declaration, string field, string message) =>
        new(declaration.Source, declaration.Source.Kind == "ConfigMap" ? "data.config" : field, Severity.Error, message);
}
