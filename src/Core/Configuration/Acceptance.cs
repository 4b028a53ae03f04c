using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>Takes objects one after the other into the next configuration, and notes what is wrong with those that it does not take.</summary>
/// <param name="found">What is known to be wrong already.</param>
/// <param name="offered">Everything that will be offered: objects may refer to each other in any order.</param>
/// <param name="vanished">What was live and nobody declares any more, but may be referred to by what is live still.</param>
internal sealed class Acceptance(EquatableList<Problem> found, IReadOnlyCollection<Declaration> offered, IReadOnlyCollection<Declaration> vanished)
{
    private readonly List<Problem> _problems = [.. found];
    private readonly List<Declaration> _taken = [];
    private readonly Dictionary<(Type Kind, string Name), Declaration> _names = [];
    private readonly RangeMap<AddressPool> _ranges = new();
    private readonly BgpReferences _references = new(offered);

    /// <summary>What is live already goes on with what it referred to.</summary>
    private readonly BgpReferences _liveReferences = new([.. offered, .. vanished]);

    /// <summary>Takes the object as it is now; if it is wrong, as it was.</summary>
    public void Offer(ObjectCandidate candidate)
    {
        var faults = Faults(candidate.Declared, _references);
        _problems.AddRange(faults);
        if (faults.Count == 0 && candidate.Declared.Count > 0) Take(candidate.Declared);
        else if (Faults(candidate.Live, _liveReferences).Count == 0) Take(candidate.Live);
    }

    /// <summary>Keeps what has vanished as long as something that is live refers to it; to be called when everything was offered.</summary>
    public void KeepVanished()
    {
        var names = _taken.OfType<BgpAdvertisement>().SelectMany(advertisement => advertisement.Communities).OfType<Community.Named>()
            .Select(community => community.Name).ToHashSet();
        var profiles = _taken.OfType<BgpPeer>().Select(peer => peer.BfdProfile).ToHashSet();
        _taken.AddRange(vanished.Where(declaration =>
            declaration is CommunityAlias alias ? names.Contains(alias.Name) : declaration is BfdProfile profile && profiles.Contains(profile.Name)));
    }

    /// <summary>Notes what is used but cannot mean what its author wanted; to be called when everything was offered.</summary>
    public void Warn() => _problems.AddRange(ConfigurationWarnings.Of(_taken));

    public ClusterConfiguration ToConfiguration(long version) => new(
        version, Sorted<AddressPool>(), Sorted<Layer2Advertisement>(), Sorted(_problems),
        Sorted<BgpPeer>(), Sorted<BgpAdvertisement>(), Sorted<CommunityAlias>(), Sorted<BfdProfile>(), Sorted<AddressQuota>());

    private void Take(EquatableList<Declaration> declarations)
    {
        foreach (var declaration in declarations)
        {
            _taken.Add(declaration);
            if (UniqueName(declaration) is { } name) _names.TryAdd(name, declaration);
            if (declaration is not AddressPool pool) continue;
            foreach (var range in pool.Ranges) _ranges.Add(range, pool);
        }
    }

    private List<Problem> Faults(EquatableList<Declaration> declarations, BgpReferences references)
    {
        var own = new RangeMap<AddressPool>();
        var faults = new List<Problem>();
        var names = new HashSet<(Type, string)>();
        foreach (var declaration in declarations)
        {
            if (UniqueName(declaration) is { } name) faults.AddRange(NameFaults(declaration, name, names.Add(name)));
            if (declaration is AddressPool pool) faults.AddRange(PoolFaults(pool, own));
            var before = _taken.Concat(declarations.TakeWhile(other => !ReferenceEquals(other, declaration)));
            faults.AddRange(Contradictions(declaration, before, references));
        }
        return faults;
    }

    /// <summary>What an object says that others before it exclude.</summary>
    private static IEnumerable<Problem> Contradictions(Declaration declaration, IEnumerable<Declaration> before, BgpReferences references)
    {
        var own = declaration switch
        {
            BgpPeer peer => references.Faults(peer).Concat(PeerClashes.Of(peer, before)),
            BgpAdvertisement advertisement =>
                references.Faults(advertisement).Concat(references.PreferenceFaults(advertisement, before)).Concat(AggregateFit.Faults(advertisement, before)),
            AddressPool pool => AggregateFit.Faults(pool, before),
            _ => [],
        };
        return own.Concat(EchoOverIpv6.Faults(declaration, before));
    }

    private IEnumerable<Problem> NameFaults(Declaration declaration, (Type Kind, string Name) name, bool first)
    {
        if (_names.GetValueOrDefault(name) is { } other)
            yield return Error(declaration, "metadata.name", $"'{name.Name}' is declared already by {other.Source}; give one of them another name.");
        else if (!first) yield return Error(declaration, "", $"'{name.Name}' is declared twice in this object; give one of them another name.");
    }

    private IEnumerable<Problem> PoolFaults(AddressPool pool, RangeMap<AddressPool> own)
    {
        if (pool.Ranges.Count == 0)
            yield return Error(pool, pool.FieldOf(0), $"pool '{pool.Name}' has no addresses; write them as 192.0.2.10-192.0.2.20 or 192.0.2.0/24.");
        if (IsDefaultEip(pool) && _taken.OfType<AddressPool>().FirstOrDefault(IsDefaultEip) is { } first)
            yield return Error(pool, "metadata.annotations", $"there is a default Eip already, '{first.Name}'; keep the annotation on one of them.");
        for (var i = 0; i < pool.Ranges.Count; i++)
        {
            var range = pool.Ranges[i];
            if ((own.Overlapping(range) ?? _ranges.Overlapping(range)) is not { } other) own.Add(range, pool);
            else if (other.Of == pool)
                yield return Error(pool, pool.FieldOf(i), $"{range} overlaps with {other.Range} of the same pool; write each address once.");
            else yield return Error(pool, pool.FieldOf(i),
                $"{range} overlaps with {other.Range} of pool '{other.Of.Name}' ({other.Of.Source}); an address belongs to one pool.");
        }
    }

    /// <summary>OpenELB allows one default; pools of other dialects may be second to it, and a warning says so.</summary>
    private static bool IsDefaultEip(AddressPool pool) => pool is { IsDefault: true, Source.Kind: "Eip" };

    private static (Type Kind, string Name)? UniqueName(Declaration declaration) => declaration switch
    {
        AddressPool pool => (typeof(AddressPool), pool.Name.Value),
        BgpPeer peer => (typeof(BgpPeer), peer.Name),
        BgpAdvertisement advertisement => (typeof(BgpAdvertisement), advertisement.Name),
        CommunityAlias alias => (typeof(CommunityAlias), alias.Name),
        BfdProfile profile => (typeof(BfdProfile), profile.Name),
        AddressQuota quota => (typeof(AddressQuota), quota.Name),
        _ => null,
    };

    private static Problem Error(Declaration declaration, string field, string message) => new(declaration.Source, field, Severity.Error, message);

    private EquatableList<T> Sorted<T>()
        where T : Declaration => _taken.OfType<T>().OrderBy(declaration => ObjectKey.Of(declaration.Source)).ToEquatableList();

    private static EquatableList<Problem> Sorted(List<Problem> problems) =>
        problems.Distinct().OrderBy(problem => ObjectKey.Of(problem.Object)).ThenBy(problem => problem.Field, StringComparer.Ordinal).ToEquatableList();
}
