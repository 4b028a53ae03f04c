using OrleansLb.Core.Addressing;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Announcements;

/// <summary>
/// What a node's speaker is to announce, for which services, and what of it the speaker has not been told yet. An address that services share is
/// announced while one of them needs it.
/// </summary>
public sealed class NodePlan(NodeName node)
{
    private readonly Dictionary<Address, Entry> _entries = [];
    private readonly HashSet<Address> _untold = [];

    private sealed record Entry(Assignment Assignment, Dictionary<ServiceName, long> Needs, DateTimeOffset? AnnouncedAt = null);

    public BgpPlan Bgp { get; } = new();

    /// <summary>The version that the last step led to.</summary>
    public long Version { get; private set; }

    public int Count => _entries.Count;

    public bool HasUntold => _untold.Count > 0 || Bgp.HasUntold;

    public IEnumerable<Assignment> Assignments => _entries.Values.Select(entry => entry.Assignment);

    /// <summary>One assignment for each service that needs an address here.</summary>
    public IEnumerable<Assignment> Needs =>
        _entries.Values.SelectMany(entry => entry.Needs.Select(need => entry.Assignment with { Service = need.Key, Epoch = need.Value }));

    public IEnumerable<ServiceName> Services => _entries.Values.SelectMany(entry => entry.Needs.Keys).Distinct();

    /// <summary>Of these services those whose addresses here have all been announced, or need no probe before they are.</summary>
    public EquatableList<LostService> ProvenOf(EquatableList<ServiceName> services)
    {
        var proven = new Dictionary<ServiceName, long>();
        var unproven = new HashSet<ServiceName>();
        foreach (var entry in _entries.Values)
        {
            if (entry.Assignment.Probe) unproven.UnionWith(entry.Needs.Keys);
            foreach (var (service, epoch) in entry.Needs) proven[service] = Math.Max(proven.GetValueOrDefault(service), epoch);
        }
        return services.Where(service => proven.ContainsKey(service) && !unproven.Contains(service))
            .Select(service => new LostService(service, proven[service])).ToEquatableList();
    }

    /// <summary>The services with an address that none of these interfaces can bear.</summary>
    public EquatableList<ServiceName> StrandedOn(NodeLinks links) => _entries.Values
        .Where(entry => InterfaceSelection.Choose(links, entry.Assignment.Interfaces, entry.Assignment.Address).Count == 0)
        .SelectMany(entry => entry.Needs.Keys).Distinct().ToEquatableList();

    /// <summary>The services that need the address here.</summary>
    public IReadOnlyCollection<ServiceName> ServicesOf(Address address) => _entries.TryGetValue(address, out var entry) ? [.. entry.Needs.Keys] : [];

    /// <summary>The addresses that the service needs here.</summary>
    public IReadOnlyCollection<Address> AddressesOf(ServiceName service) =>
        [.. _entries.Where(entry => entry.Value.Needs.ContainsKey(service)).Select(entry => entry.Key)];

    public Assignment? At(Address address) => _entries.GetValueOrDefault(address)?.Assignment;

    /// <summary>
    /// Adds an address, or raises its epoch; with an epoch lower than the one known, only notes who needs the address.
    /// Answers when it was announced, if it has been.
    /// </summary>
    public DateTimeOffset? Assign(Assignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var address = assignment.Address;
        if (assignment.Probe && _entries.GetValueOrDefault(address)?.AnnouncedAt is not null) assignment = assignment with { Probe = false };
        if (!_entries.TryGetValue(address, out var entry)) entry = new(assignment, []);
        else if (assignment.Epoch > entry.Assignment.Epoch || assignment.IsAnnouncedOtherwiseThan(entry.Assignment)) entry = new(assignment, entry.Needs);
        entry.Needs[assignment.Service] = assignment.Epoch;
        if (_entries.TryGetValue(address, out var known) && known.Assignment == entry.Assignment) return known.AnnouncedAt;
        _entries[address] = entry;
        _untold.Add(address);
        return null;
    }

    /// <summary>The speaker has announced the address: it needs no probe any more.</summary>
    public void Announced(Address address, long epoch, DateTimeOffset at)
    {
        if (!_entries.TryGetValue(address, out var entry) || entry.Assignment.Epoch != epoch) return;
        _entries[address] = entry with { Assignment = entry.Assignment with { Probe = false }, AnnouncedAt = at };
    }

    /// <summary>The speaker has left the address to another host: it is to be announced again.</summary>
    public void Yielded(Address address)
    {
        if (_entries.TryGetValue(address, out var entry)) _entries[address] = entry with { AnnouncedAt = null };
    }

    /// <summary>The service needs the address here no more, unless it has been assigned again since.</summary>
    public void Withdraw(ServiceName service, Address address, long epoch)
    {
        if (!_entries.TryGetValue(address, out var entry) || !entry.Needs.TryGetValue(service, out var needed) || needed > epoch) return;
        entry.Needs.Remove(service);
        if (entry.Needs.Count > 0) return;
        _entries.Remove(address);
        _untold.Add(address);
    }

    public void Clear()
    {
        _untold.UnionWith(_entries.Keys);
        _entries.Clear();
    }

    /// <summary>The whole plan, as the first step of a session.</summary>
    public PlanChange Whole(long version, string? traceParent)
    {
        _untold.Clear();
        Version = Math.Max(Version + 1, version);
        return new(node, null, Version, Assignments.OrderBy(assignment => assignment.Address).ToEquatableList(), [], traceParent, Bgp.Whole());
    }

    /// <summary>The step that tells all that is untold.</summary>
    public PlanChange Step(string? traceParent)
    {
        var (from, untold) = (Version, _untold.Order().ToList());
        _untold.Clear();
        Version++;
        var announce = untold.Select(address => At(address)).Where(assignment => assignment is not null);
        return new(node, from, Version, announce.ToEquatableList()!, untold.Where(address => !_entries.ContainsKey(address)).ToEquatableList(), traceParent,
            Bgp.Step());
    }
}
