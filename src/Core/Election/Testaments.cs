using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Election;

/// <summary>
/// Says ahead of its loss who takes over what a node announces: the election that would be held then is held now, so that nobody need be asked when there is no
/// time. What has not changed since keeps its heir, and its epoch.
/// </summary>
public sealed class Testaments(PlacementBook book)
{
    private readonly Dictionary<ServiceName, Clause> _clauses = [];

    /// <param name="View">The version of the view in which the heir was elected.</param>
    private sealed record Clause(NodeName From, Candidacy Wish, long View, Relocation Heir);

    /// <summary>Who takes the service over from that node, as last drawn up; null when nobody was named.</summary>
    public Relocation? HeirOf(ServiceName service, NodeName from) =>
        _clauses.GetValueOrDefault(service) is { } clause && clause.From == from ? clause.Heir : null;

    /// <summary>
    /// Draws up the testament of one node: one relocation for each service that has an heir, sorted by service. Left out are services whose address may need a
    /// probe before its first use, those whose askers are spread over several nodes, and those that are being moved.
    /// </summary>
    /// <param name="proven">What the node announces, or may announce without a probe.</param>
    public IReadOnlyList<Relocation> Draw(NodeName from, EquatableList<LostService> proven, ClusterView view, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(view);
        var survivors = view with { Nodes = view.Nodes.Where(node => node.Name != from).ToEquatableList() };
        var services = proven.Select(service => service.Service).ToHashSet();
        foreach (var (gone, _) in _clauses.Where(clause => clause.Value.From == from && !services.Contains(clause.Key)).ToList()) _clauses.Remove(gone);
        var drawing = new Drawing(book.WithLoads(survivors));
        foreach (var service in proven.OrderBy(service => service.Service))
        {
            if (book.WishOf(service.Service, from) is { } wish && Settle(service, from, wish, drawing, now) is { } heir)
                drawing.Add(_clauses[service.Service] = new(from, wish, view.Version, heir));
            else _clauses.Remove(service.Service);
        }
        return drawing.Heirs;
    }

    private Relocation? Settle(LostService service, NodeName from, Candidacy wish, Drawing drawing, DateTimeOffset now)
    {
        var companion = drawing.HolderOf(wish.Addresses);
        if (_clauses.GetValueOrDefault(service.Service) is { } known && known.From == from && known.View == drawing.View && known.Wish == wish
            && known.Heir.Epoch > service.Epoch && (companion ?? known.Heir.Node) == known.Heir.Node) return known.Heir;
        var result = Elector.Elect(wish with { Current = companion }, drawing.Loaded);
        if (result.Announcer is not { } heir || (companion is { } together && heir.Node != together)) return null;
        var epoch = Epoch.Next(service.Epoch, now);
        return new(heir.Node, heir.Assign(service.Service, wish.Addresses.Where(address => !result.Unreachable.Contains(address)), epoch), now, result.Reason,
            $"node {from}, which announced it before, was lost; {result.Message}");
    }

    /// <summary>One testament while it is drawn up: each heir bears what it was given so far.</summary>
    private sealed class Drawing(ClusterView survivors)
    {
        private readonly Dictionary<Address, NodeName> _holders = [];

        public List<Relocation> Heirs { get; } = [];

        public long View => Loaded.Version;

        public ClusterView Loaded { get; private set; } = survivors;

        /// <summary>Services that share an address stay together.</summary>
        public NodeName? HolderOf(EquatableList<Address> addresses)
        {
            foreach (var address in addresses) if (_holders.TryGetValue(address, out var holder)) return holder;
            return null;
        }

        public void Add(Clause clause)
        {
            Heirs.Add(clause.Heir);
            foreach (var assignment in clause.Heir.Assignments) _holders[assignment.Address] = clause.Heir.Node;
            Loaded = Loaded with { Nodes = Loaded.Nodes.Select(node =>
                node.Name == clause.Heir.Node ? node with { Load = node.Load + clause.Heir.Assignments.Count } : node).ToEquatableList() };
        }
    }
}
