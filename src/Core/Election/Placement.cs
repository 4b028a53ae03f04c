using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Election;

/// <summary>What stands for one service in the book.</summary>
/// <param name="Pinned">An operator chose the node: nothing moves from there for the load's sake.</param>
/// <param name="Ahead">What the service does not know yet.</param>
/// <param name="Unreachable">Addresses that the node does not announce.</param>
/// <param name="Named">The node that the service takes for its announcer as long as nobody has told it of <paramref name="Ahead"/>.</param>
internal sealed record Placement(Candidacy Candidacy, NodeName? Node, bool Pinned, Relocation? Ahead = null, EquatableList<Address> Unreachable = default,
    NodeName? Named = null)
{
    /// <summary>What a node must be able to announce.</summary>
    public Candidacy Announced => Unreachable.Count == 0
        ? Candidacy
        : Candidacy with { Addresses = Candidacy.Addresses.Where(address => !Unreachable.Contains(address)).ToEquatableList() };

    public bool IsSpread => Candidacy.Advertisements.Any(advertisement => advertisement.Style?.Spread == true);

    /// <summary>What a service does not know yet that names its announcer so.</summary>
    public Relocation? AheadOf(NodeName? known) => Ahead is { } ahead && ahead.Node != known ? ahead : null;
}
