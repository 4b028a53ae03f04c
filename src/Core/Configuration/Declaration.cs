using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Configuration;

/// <summary>One piece of configuration in the internal model, whichever dialect it was written in.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Declaration")]
public abstract record Declaration
{
    private protected Declaration(ObjectReference source, DateTimeOffset created) => (Source, Created) = (source, created);

    /// <summary>The object that declares it; several declarations may come from one object.</summary>
    [Id(0)]
    public ObjectReference Source { get; init; }

    /// <summary>The object's creation time: of two declarations in conflict the earlier stands. Ties go to the object's name.</summary>
    [Id(1)]
    public DateTimeOffset Created { get; init; }

    /// <summary>Others refer to it by its name, and those that are live go on with it when its object is gone.</summary>
    public bool IsReferredTo => this is CommunityAlias or BfdProfile;
}

/// <summary>Which services may take addresses from a pool without asking for it by name, and with what preference.</summary>
/// <param name="Priority">Lower is tried first; null comes after every number.</param>
/// <param name="Namespaces">Namespaces by name; joined with those that <paramref name="NamespaceSelectors"/> match.</param>
/// <param name="ServiceSelectors">Any of them must match the service's labels, when there are any.</param>
/// <param name="Enforced">A request from elsewhere is refused even when it names the pool or an address of it.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PoolScope")]
public sealed record PoolScope(
    [property: Id(0)] int? Priority,
    [property: Id(1)] EquatableList<string> Namespaces,
    [property: Id(2)] EquatableList<LabelSelector> NamespaceSelectors,
    [property: Id(3)] EquatableList<LabelSelector> ServiceSelectors,
    [property: Id(4)] bool Enforced = false)
{
    public static PoolScope Everyone { get; } = new(null, [], [], []);

    /// <summary>True when the pool is for some services only, rather than for all.</summary>
    public bool IsPinned => Namespaces.Count + NamespaceSelectors.Count + ServiceSelectors.Count > 0;
}

/// <summary>A named set of addresses that services are given.</summary>
/// <param name="Ranges">In the order written.</param>
/// <param name="AutoAssign">False: only to services that ask for the pool or for one of its addresses.</param>
/// <param name="IsDefault">The pool for services that nothing else decides (OpenELB's default Eip).</param>
/// <param name="AvoidBuggyAddresses">IPv4 addresses that end in .0 or .255 are not given, but to who has one already or for whom it is reserved.</param>
/// <param name="Disabled">Nothing new is given; what is held stays.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressPool")]
public sealed record AddressPool(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] PoolName Name,
    [property: Id(1)] EquatableList<AddressRange> Ranges,
    [property: Id(2)] Labels Labels,
    [property: Id(3)] PoolScope Scope,
    [property: Id(4)] bool AutoAssign = true,
    [property: Id(5)] bool IsDefault = false,
    [property: Id(6)] bool AvoidBuggyAddresses = false,
    [property: Id(7)] bool Disabled = false) : Declaration(Source, Created)
{
    /// <summary>What is done about strangers that use its addresses.</summary>
    [Id(8)]
    public ConflictRule Conflicts { get; init; } = ConflictRule.Default;

    /// <summary>Which free address is given next.</summary>
    [Id(9)]
    public AddressOrder Order { get; init; }

    /// <summary>How many addresses a namespace may hold.</summary>
    [Id(10)]
    public PoolQuota Quota { get; init; } = PoolQuota.None;

    /// <summary>Nothing new is given, and who holds an address is moved to another pool as soon as one has room.</summary>
    [Id(11)]
    public bool Draining { get; init; }

    /// <summary>Who holds an address that <see cref="Ranges"/> no longer have is given another one; otherwise it is kept until it is let go.</summary>
    [Id(12)]
    public bool Reallocates { get; init; }

    /// <summary>How long an address is kept for a service that is deleted, in case it is created again; null frees it at once.</summary>
    [Id(13)]
    public TimeSpan? Retention { get; init; }

    /// <summary>Services of different namespaces may share an address.</summary>
    [Id(14)]
    public bool SharedAcrossNamespaces { get; init; } = true;

    /// <summary>True while services are to leave the address for another one, if they can.</summary>
    public bool IsLeaving(Address address) => Draining || (Reallocates && !Contains(address));

    public bool Contains(Address address)
    {
        foreach (var range in Ranges)
        {
            if (range.Contains(address)) return true;
        }
        return false;
    }

    /// <summary>Where its object has the range, to be named to whoever wrote it.</summary>
    public string FieldOf(AddressRange range) => FieldOf(Ranges.TakeWhile(other => other != range).Count());

    /// <param name="index">Of a range, from 0.</param>
    public string FieldOf(int index) => Source.Kind switch
    {
        "Eip" => "spec.address",
        "ConfigMap" => "data.config",
        _ => $"spec.addresses[{index}]",
    };

    /// <summary>True when it has addresses of the family.</summary>
    public bool Has(IpFamily family)
    {
        foreach (var range in Ranges)
        {
            if (range.Family == family) return true;
        }
        return false;
    }
}

/// <summary>A node selector with the weight that a match adds to a node's preference (1..100).</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.PreferredNodes")]
public sealed record PreferredNodes([property: Id(0)] int Weight, [property: Id(1)] LabelSelector Selector);

/// <summary>Addresses of these pools are announced by ARP and NDP, from these nodes, on these interfaces.</summary>
/// <param name="Pools">By name; joined with <paramref name="PoolSelectors"/>; both empty means every pool.</param>
/// <param name="NodeSelectors">Any of them must match the node; none means every node.</param>
/// <param name="Interfaces">Any of them, and none of those excepted; none means every usable interface whose subnet has the address.</param>
/// <param name="Style">How they are announced; null: <see cref="AnnouncementStyle.Plain"/>.</param>
/// <param name="ServiceSelectors">Any of them must match the service's labels; none means every service.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Layer2Advertisement")]
public sealed record Layer2Advertisement(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] string Name,
    [property: Id(1)] EquatableList<PoolName> Pools,
    [property: Id(2)] EquatableList<LabelSelector> PoolSelectors,
    [property: Id(3)] EquatableList<LabelSelector> NodeSelectors,
    [property: Id(4)] EquatableList<PreferredNodes> PreferredNodes,
    [property: Id(5)] EquatableList<LabelSelector> ServiceSelectors,
    [property: Id(6)] EquatableList<InterfaceSelector> Interfaces,
    [property: Id(7)] AnnouncementStyle? Style = null) : Declaration(Source, Created);
