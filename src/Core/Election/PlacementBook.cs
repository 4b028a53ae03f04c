using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Election;

/// <summary>
/// Who announces what, over all services: it makes each election see the load that the elections before it caused, and keeps shared addresses together.
/// </summary>
public sealed class PlacementBook
{
    private readonly PlacementTable _table = new();
    private readonly Dictionary<ServiceName, NodeName> _remembered = [];

    /// <summary>What nodes have taken over from others, of services that this book does not know yet.</summary>
    private readonly Dictionary<ServiceName, (NodeName From, Relocation Taken)> _inherited = [];

    /// <summary>Rises with each change of this book.</summary>
    public long Version => _table.Version;

    /// <summary>Services that have addresses and nobody to announce them, or not all of them.</summary>
    public IReadOnlyCollection<ServiceName> Unplaced => _table.Unplaced;

    /// <summary>Services that every candidate announces, each to a share of the askers.</summary>
    public IEnumerable<ServiceName> Spread => _table.All.Where(placed => placed.Value.IsSpread).Select(placed => placed.Key).Order();

    /// <summary>Services that are announced, those of the node that bears most first.</summary>
    public IEnumerable<ServiceName> Placed => _table.Placed;

    public bool Knows(ServiceName service) => _table.Find(service) is not null;

    public int LoadOf(NodeName node) => _table.LoadOf(node);

    public IReadOnlyCollection<ServiceName> ServicesOn(NodeName node) => _table.ServicesOn(node);

    /// <summary>
    /// A node announces the service already, as its speaker tells: the next election takes it for the present announcer, if the service knows of none.
    /// </summary>
    public void Remember(ServiceName service, NodeName node)
    {
        if (!Knows(service)) _remembered[service] = node;
    }

    /// <summary>What the service asks of a node, where <paramref name="from"/> alone announces it; null otherwise.</summary>
    public Candidacy? WishOf(ServiceName service, NodeName from) =>
        _table.Find(service) is { IsSpread: false } placed && placed.Node == from ? placed.Candidacy : null;

    /// <summary>A node has taken the service over from a lost one, as it was told to ahead of the loss.</summary>
    public InheritOutcome Inherit(ServiceName service, NodeName from, Relocation taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        if (!_table.TryFind(service, out var placed)) _inherited[service] = (from, taken);
        else if (placed.Node == taken.Node) return InheritOutcome.Known;
        else if (placed.Named == taken.Node || (placed.Node is not null && placed.Node != from)) return InheritOutcome.Refused;
        else Go(service, placed, taken);
        return InheritOutcome.Taken;
    }

    /// <summary>The service is announced elsewhere, and does not know.</summary>
    private void Go(ServiceName service, Placement before, Relocation to) =>
        _table.Put(service, new(before.Candidacy with { Current = to.Node }, to.Node, Pinned: false, to, before.Unreachable, before.Named ?? before.Node));

    /// <summary>
    /// Holds an election and takes note of its outcome. The announcer that this book knows comes before the one that the service names: every election is held
    /// here, and a service whose memory was lost with its process may name the one before.
    /// </summary>
    public ElectionResult Elect(ServiceName service, Candidacy candidacy, ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(candidacy);
        return Hold(service, candidacy with { Current = _table.Find(service)?.Node ?? candidacy.Current }, candidacy.Current, view);
    }

    /// <param name="known">The announcer that the service names.</param>
    private ElectionResult Hold(ServiceName service, Candidacy candidacy, NodeName? known, ClusterView view)
    {
        var (before, pinned) = _table.TryFind(service, out var placed) ? (placed.Node, placed.Pinned) : (null, false);
        var ahead = placed is null ? TakenOver(service, known) : placed.AheadOf(known);
        Remove(service);
        if (_remembered.Remove(service, out var remembered)) before ??= remembered;
        candidacy = candidacy with { Current = ahead?.Node ?? candidacy.Current ?? before };
        var loaded = WithLoads(view);
        var result = Elector.Elect(candidacy, loaded);
        if (result.Announcer is not null && Companion(service, candidacy, loaded) is { } together) result = Follow(result, together);
        var node = result.Announcer?.Node;
        _table.Put(service, new(candidacy with { Current = node }, node, pinned && node == before, ahead, result.Unreachable));
        return result with { Ahead = ahead };
    }

    /// <summary>What an heir has said of the service, unless the service knows of a later announcer.</summary>
    private Relocation? TakenOver(ServiceName service, NodeName? known) =>
        _inherited.Remove(service, out var inherited) && (known is null || known == inherited.From) ? inherited.Taken : null;

    /// <summary>
    /// Elects for services that have lost their announcer, all in one go; answers those that go to another node, with what is to be
    /// assigned there. A service whose askers are spread has others that answer. One that does not know of its last move yet is told of the
    /// next one only: the node between the two is lost.
    /// </summary>
    /// <param name="testaments">The heirs that have been named for the case: one that may announce the service still has
    /// it, under the epoch that it was told.</param>
    public IReadOnlyList<Relocation> Relocate(Loss loss, ClusterView view, DateTimeOffset now, Testaments testaments)
    {
        ArgumentNullException.ThrowIfNull(loss);
        var stillThere = ServicesOn(loss.From).ToHashSet();
        return [.. loss.Services.Where(service => stillThere.Contains(service.Service)).Select(service => Relocate(service, view, now, testaments))
            .OfType<Relocation>()];
    }

    private Relocation? Relocate(LostService lost, ClusterView view, DateTimeOffset now, Testaments testaments)
    {
        var service = lost.Service;
        if (_table.Find(service) is not { Node: { } former, IsSpread: false } placed) return null;
        var named = testaments.HeirOf(service, former);
        var result = Hold(service, placed.Candidacy with { Current = named?.Node ?? former }, former, view);
        // the last: it is there, as far as the service knows, and says so itself
        if (result.Announcer is not { } heir || heir.Node == former || heir.Node == placed.Named) return null;
        var epoch = heir.Node == named?.Node && named.Epoch > lost.Epoch ? named.Epoch : Epoch.Next(lost.Epoch, now);
        return GoAhead(service, result, epoch, now, placed.Named ?? former);
    }

    /// <summary>What an election has decided is done before the service knows of it.</summary>
    /// <param name="named">The node that the service takes for its announcer; null: nobody has announced it.</param>
    private Relocation GoAhead(ServiceName service, ElectionResult result, long epoch, DateTimeOffset now, NodeName? named)
    {
        var (winner, elected) = (result.Announcer!, _table[service]);
        var ahead = new Relocation(
            winner.Node, winner.Assign(service, elected.Announced.Addresses, epoch), now, result.Reason, result.Message, Resumed: named is null);
        _table.Put(service, elected with { Ahead = ahead, Named = named });
        return ahead;
    }

    /// <summary>
    /// Elects for services that nobody announces because everything has just started, all in one go; answers what is to be assigned, which each of them is told
    /// at its own next election. One that something is known of, whose askers are spread, or that no node may announce, is left to itself.
    /// </summary>
    public IReadOnlyList<Relocation> Resume(IEnumerable<StandingService> services, ClusterView view, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(services);
        return [.. services.Where(standing => IsUnheardOf(standing.Service)).Select(standing => Resume(standing, view, now)).OfType<Relocation>()];
    }

    private bool IsUnheardOf(ServiceName service) => !Knows(service) && !_remembered.ContainsKey(service) && !_inherited.ContainsKey(service);

    private Relocation? Resume(StandingService standing, ClusterView view, DateTimeOffset now)
    {
        var result = Hold(standing.Service, standing.Candidacy, null, view);
        if (result.Announcer is not null && !_table[standing.Service].IsSpread) return GoAhead(standing.Service, result, Epoch.Next(0, now), now, null);
        Remove(standing.Service);
        return null;
    }

    /// <summary>
    /// Places a service, with those that share an address with it, on the node that an operator chose. The result has no announcer when the node may not
    /// announce them all, or is doubtful while another is not; then nothing is changed.
    /// </summary>
    public ElectionResult Move(ServiceName service, Candidacy candidacy, NodeName to, ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(candidacy);
        ArgumentNullException.ThrowIfNull(view);
        if (!view.Nodes.Any(node => node.Name == to)) return new(null, Reason.NoNode, $"there is no node {to}.", [], []);
        var loaded = WithLoads(view);
        var ahead = _table.Find(service)?.AheadOf(candidacy.Current);
        var sharers = Sharers(service, candidacy.Addresses).Select(sharer => (Service: sharer, _table[sharer].Candidacy)).ToList();
        foreach (var (mover, wish) in sharers.Prepend((service, candidacy)))
        {
            var result = Elector.Elect(wish with { Current = to }, loaded);
            if (result.Announcer?.Node != to)
                return new(null, WhyNot(result, to).Reason, $"node {to} may not announce service {mover}: {WhyNot(result, to).Message}", result.Candidates,
                    result.Rejected);
        }
        foreach (var (sharer, wish) in sharers) Put(sharer, wish with { Current = to }, pinned: true, _table[sharer].Ahead);
        Put(service, candidacy with { Current = to }, pinned: true, ahead);
        return Elector.Elect(candidacy with { Current = to }, loaded) with { Message = $"an operator moved it to node {to}.", Ahead = ahead };
    }

    /// <summary>Other services that have one of the addresses.</summary>
    public IEnumerable<ServiceName> Sharers(ServiceName service, EquatableList<Address> addresses) =>
        addresses.SelectMany(_table.ServicesAt).Where(sharer => sharer != service).Distinct();

    /// <summary>Moves a service to a better node, if there is one; null when it stays. Services that share an address stay together.</summary>
    public ElectionResult? Improve(ServiceName service, Candidacy candidacy, ClusterView view, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(candidacy);
        if (_table.Find(service) is { Pinned: true } or { Ahead: not null } || candidacy.Addresses.Any(_table.IsShared)) return null;
        if (Elector.Improve(candidacy, WithLoads(view), tolerance) is not { } better) return null;
        return Hold(service, candidacy with { Current = better.Node }, candidacy.Current, view);
    }

    /// <summary>True when some service may be announced by the node as it is now, and could not be as it was.</summary>
    public bool Gains(NodeView before, NodeView after) => _table.All.Any(placed =>
        Eligibility.Judge(placed.Value.Announced, before).Candidate is null && Eligibility.Judge(placed.Value.Announced, after).Candidate is not null);

    /// <summary>True when <see cref="Improve"/> would move the service.</summary>
    /// <param name="loaded">As of <see cref="WithLoads"/>; one serves for many services.</param>
    public bool WouldImprove(ServiceName service, ClusterView loaded, double tolerance) =>
        _table.Find(service) is { Node: not null, Pinned: false } placed && Elector.Improve(placed.Candidacy, loaded, tolerance) is not null;

    /// <summary>Takes note of a placement that stands already.</summary>
    public void Put(ServiceName service, Candidacy candidacy, bool pinned = false, Relocation? ahead = null)
    {
        ArgumentNullException.ThrowIfNull(candidacy);
        _table.Put(service, new(candidacy, candidacy.Current, pinned, ahead));
    }

    /// <summary>
    /// The service is announced no more; answers the node that announced it, as far as this book knows, and the epoch where the service may not know that.
    /// </summary>
    public LastPlace? Forget(ServiceName service)
    {
        var (known, ahead) = _table.TryFind(service, out var placed) ? (placed.Node, placed.Ahead) : (null, null);
        if (_remembered.Remove(service, out var remembered)) known ??= remembered;
        if (_inherited.Remove(service, out var inherited)) (known, ahead) = (inherited.Taken.Node, inherited.Taken);
        Remove(service);
        return known is { } node ? new(node, ahead?.Epoch ?? 0) : null;
    }

    public void Remove(ServiceName service) => _table.Remove(service);

    /// <summary>The view with the loads that this book knows.</summary>
    public ClusterView WithLoads(ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view with { Nodes = view.Nodes.Select(node => node with { Load = LoadOf(node.Name) }).ToEquatableList() };
    }

    /// <summary>The node of a service that shares an address with this one, while it may announce there.</summary>
    private (ServiceName Service, Candidate Node)? Companion(ServiceName service, Candidacy candidacy, ClusterView view)
    {
        foreach (var sharer in candidacy.Addresses.SelectMany(_table.ServicesAt))
        {
            var placed = _table[sharer];
            if (sharer == service || view.Nodes.FirstOrDefault(node => node.Name == placed.Node) is not { } node) continue;
            if (Eligibility.Judge(placed.Announced, node).Candidate is { } candidate) return (sharer, candidate);
        }
        return null;
    }

    private static (Reason Reason, string Message) WhyNot(ElectionResult result, NodeName node)
    {
        if (result.Rejected.FirstOrDefault(rejected => rejected.What == $"node {node}") is { } rejected) return (rejected.Reason, rejected.Message);
        return result.Announcer is null ? (result.Reason, result.Message) : (Reason.NodeDraining, "it is being drained or not ready, and others are not.");
    }

    private static ElectionResult Follow(ElectionResult own, (ServiceName Service, Candidate Node) companion) =>
        own with { Announcer = companion.Node, Message = $"node {companion.Node.Node} announces the same address for service {companion.Service}." };
}
