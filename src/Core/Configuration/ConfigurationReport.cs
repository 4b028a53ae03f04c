namespace OrleansLb.Core.Configuration;

/// <summary>What became of one object that configures us.</summary>
/// <param name="Object">The object, in the edition that was judged.</param>
/// <param name="Accepted">It is live as it stands.</param>
/// <param name="Live">It is live, be it as it was before its last edit.</param>
/// <param name="Reason"><see cref="Reason.ConfigurationAccepted"/>, <see cref="Reason.ConfigurationWarning"/> or
/// <see cref="Reason.ConfigurationRefused"/>.</param>
/// <param name="Message">Every problem of it, for an operator.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ObjectVerdict")]
public sealed record ObjectVerdict(
    [property: Id(0)] ObjectReference Object,
    [property: Id(1)] bool Accepted,
    [property: Id(2)] bool Live,
    [property: Id(3)] Reason Reason,
    [property: Id(4)] string Message)
{
    /// <summary>False for the kinds of the rivals, which show no such thing: there events tell.</summary>
    public bool HasCondition => Object.ApiVersion.StartsWith("orleanslb.io/", StringComparison.Ordinal);
}

/// <summary>What became of every object that configures us, sorted by kind and name.</summary>
/// <param name="Nodes">The nodes that follow the configuration, sorted by name.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ConfigurationReport")]
public sealed record ConfigurationReport([property: Id(0)] EquatableList<ObjectVerdict> Verdicts, [property: Id(1)] EquatableList<NodeName> Nodes)
{
    /// <summary>Judges each object of <paramref name="declared"/> by what of it is live and what is wrong with it.</summary>
    public static ConfigurationReport Of(DeclaredConfiguration declared, ClusterConfiguration live, EquatableList<NodeName> nodes)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(live);
        var standing = live.Declarations.Select(declaration => ObjectKey.Of(declaration.Source)).ToHashSet();
        var problems = live.Problems.ToLookup(problem => ObjectKey.Of(problem.Object));
        var verdicts = declared.Declarations.Select(declaration => declaration.Source)
            .Concat(declared.Unreadable)
            .Concat(declared.Problems.Select(problem => problem.Object))
            .DistinctBy(ObjectKey.Of)
            .OrderBy(source => source.Kind, StringComparer.Ordinal)
            .ThenBy(ObjectKey.Of)
            .Select(source => Judge(source, [.. problems[ObjectKey.Of(source)]], standing.Contains(ObjectKey.Of(source))));
        return new(verdicts.ToEquatableList(), nodes);
    }

    /// <summary>Objects without a condition that have become right, or were added, since <paramref name="before"/>; none when that is not known.</summary>
    public IEnumerable<ObjectVerdict> NewlyAccepted(ConfigurationReport? before)
    {
        if (before is null) return [];
        var accepted = before.Verdicts.Where(verdict => verdict.Accepted).Select(verdict => verdict.Object).ToHashSet();
        return Verdicts.Where(verdict => verdict is { HasCondition: false, Reason: Reason.ConfigurationAccepted } && !accepted.Contains(verdict.Object));
    }

    private static ObjectVerdict Judge(ObjectReference source, EquatableList<Problem> problems, bool isLive)
    {
        var errors = problems.Where(problem => problem.Severity == Severity.Error).ToList();
        if (errors.Count > 0)
            return new(source, Accepted: false, isLive, Reason.ConfigurationRefused, $"{Said(errors)}{(isLive ? " What it said before stays live." : "")}");
        return problems.Count > 0
            ? new(source, Accepted: true, isLive, Reason.ConfigurationWarning, Said(problems))
            : new(source, Accepted: true, isLive, Reason.ConfigurationAccepted, "it is live.");
    }

    private static string Said(IEnumerable<Problem> problems) =>
        string.Join(' ', problems.Select(problem => problem.Field.Length == 0 ? problem.Message : $"{problem.Field}: {problem.Message}"));
}
