using System.Collections.Immutable;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Selectors;

/// <summary>A label selector in its text form: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>; all requirements must hold.</summary>
public sealed record LabelSelector(ImmutableArray<LabelRequirement> Requirements)
{
    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => Requirements.IsEmpty;

    public bool Matches(StoredObject stored)
    {
        foreach (var requirement in Requirements)
            if (!requirement.Matches(stored.Label(requirement.Key))) return false;
        return true;
    }

    /// <exception cref="ApiException">The text is not a selector (400).</exception>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var scanner = new SelectorScanner(text);
        var requirements = ImmutableArray.CreateBuilder<LabelRequirement>();
        do requirements.Add(ParseRequirement(ref scanner));
        while (scanner.TryTake(','));
        return scanner.AtEnd ? new(requirements.ToImmutable()) : throw scanner.Fault();
    }

    private static LabelRequirement ParseRequirement(ref SelectorScanner scanner)
    {
        if (scanner.TryTake('!')) return new(scanner.Word(), LabelOperator.DoesNotExist, []);
        var key = scanner.Word();
        if (scanner.TryTake('!')) return scanner.TryTake('=') ? new(key, LabelOperator.NotIn, [scanner.OptionalWord()]) : throw scanner.Fault();
        if (scanner.TryTake('='))
        {
            scanner.TryTake('=');
            return new(key, LabelOperator.In, [scanner.OptionalWord()]);
        }
        if (scanner.TryTake('>')) return new(key, LabelOperator.GreaterThan, [scanner.Word()]);
        if (scanner.TryTake('<')) return new(key, LabelOperator.LessThan, [scanner.Word()]);
        return scanner.OptionalWord() switch
        {
            "in" => new(key, LabelOperator.In, ParseValues(ref scanner)),
            "notin" => new(key, LabelOperator.NotIn, ParseValues(ref scanner)),
            "" => new(key, LabelOperator.Exists, []),
            _ => throw scanner.Fault(),
        };
    }

    private static ImmutableArray<string> ParseValues(ref SelectorScanner scanner)
    {
        if (!scanner.TryTake('(')) throw scanner.Fault();
        var values = ImmutableArray.CreateBuilder<string>();
        do values.Add(scanner.OptionalWord());
        while (scanner.TryTake(','));
        return scanner.TryTake(')') ? values.ToImmutable() : throw scanner.Fault();
    }
}
