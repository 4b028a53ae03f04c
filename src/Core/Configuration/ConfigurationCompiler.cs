namespace OrleansLb.Core.Configuration;

/// <summary>
/// Makes the live configuration from what is declared. An object is taken as a whole or not at all; one that is wrong leaves its predecessor
/// live, and everything else goes on. What is live already stands before what is new, so that no edit takes a pool away from another object.
/// </summary>
public static class ConfigurationCompiler
{
    /// <summary>The next configuration; <paramref name="previous"/> itself when nothing changed.</summary>
    public static ClusterConfiguration Compile(DeclaredConfiguration declared, ClusterConfiguration previous)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(previous);
        var candidates = Candidates(declared, previous).ToList();
        List<Declaration> offered = [.. candidates.SelectMany(candidate => candidate.Declared.Count > 0 ? candidate.Declared : candidate.Live)];
        var accepted = new Acceptance(declared.Problems, offered, Vanished(offered, previous, declared));
        foreach (var candidate in candidates) accepted.Offer(candidate);
        accepted.KeepVanished();
        accepted.Warn();
        var next = accepted.ToConfiguration(previous.Version);
        return next == previous ? previous : next with { Version = previous.Version + 1 };
    }

    private static IEnumerable<ObjectCandidate> Candidates(DeclaredConfiguration declared, ClusterConfiguration previous)
    {
        var live = Live(declared, previous);
        var broken = declared.Unreadable
            .Concat(declared.Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => problem.Object))
            .Select(ObjectKey.Of)
            .ToHashSet();
        var readable = declared.Declarations
            .GroupBy(declaration => ObjectKey.Of(declaration.Source))
            .Where(group => !broken.Contains(group.Key))
            .Select(group => new ObjectCandidate(group.Key, group.ToEquatableList(), live[group.Key].ToEquatableList()));
        return readable
            .Concat(broken.Select(key => new ObjectCandidate(key, [], live[key].ToEquatableList())))
            .OrderByDescending(candidate => candidate.IsUnchanged)
            .ThenByDescending(candidate => candidate.HasPools)
            .ThenBy(candidate => candidate.Created)
            .ThenBy(candidate => candidate.Key);
    }

    /// <summary>
    /// What was live, or was accepted before a restart, and has a name of which live objects may make use, and to which nobody gives a meaning any more.
    /// </summary>
    private static List<Declaration> Vanished(List<Declaration> offered, ClusterConfiguration previous, DeclaredConfiguration declared)
    {
        var names = offered.Where(declaration => declaration.IsReferredTo).Select(NameOf).ToHashSet();
        return [.. previous.Declarations.Concat(declared.Accepted)
            .Where(declaration => declaration.IsReferredTo && !names.Contains(NameOf(declaration)))
            .DistinctBy(NameOf)];

        static (Type, string?) NameOf(Declaration declaration) =>
            (declaration.GetType(), declaration is CommunityAlias alias ? alias.Name : (declaration as BfdProfile)?.Name);
    }

    /// <summary>
    /// What each object declares that is live; of one that is not, what the record knows to have been accepted last, perhaps before a restart.
    /// </summary>
    private static ILookup<ObjectKey, Declaration> Live(DeclaredConfiguration declared, ClusterConfiguration previous)
    {
        var live = previous.Declarations.ToLookup(declaration => ObjectKey.Of(declaration.Source));
        return live.SelectMany(standing => standing)
            .Concat(declared.Accepted.Where(declaration => !live.Contains(ObjectKey.Of(declaration.Source))))
            .ToLookup(declaration => ObjectKey.Of(declaration.Source));
    }
}
