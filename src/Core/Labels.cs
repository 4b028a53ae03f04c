using System.Collections.Immutable;

namespace OrleansLb.Core;

/// <summary>The labels of an object: an immutable map that is equal to another when its entries are.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Labels")]
public sealed record Labels([property: Id(0)] ImmutableSortedDictionary<string, string> Entries)
{
    public static Labels None { get; } = new(ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal));

    public string? this[string key] => Entries.GetValueOrDefault(key);

    public bool Has(string key) => Entries.ContainsKey(key);

    public static Labels Of(IEnumerable<KeyValuePair<string, string>>? entries) =>
        entries is null ? None : new(entries.ToImmutableSortedDictionary(StringComparer.Ordinal));

    public bool Equals(Labels? other) => other is not null && Entries.Count == other.Entries.Count && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in Entries)
        {
            hash.Add(key);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(",", Entries.Select(entry => $"{entry.Key}={entry.Value}"));
}

/// <summary>How a label requirement compares (Kubernetes <c>LabelSelectorRequirement.operator</c>).</summary>
[GenerateSerializer, Alias("orleanslb.LabelOperator")]
public enum LabelOperator : byte
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// <summary>One requirement of a label selector (Kubernetes <c>matchExpressions</c>).</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.LabelRequirement")]
public sealed record LabelRequirement([property: Id(0)] string Key, [property: Id(1)] LabelOperator Operator, [property: Id(2)] EquatableList<string> Values)
{
    /// <summary>NotIn holds for an object that lacks the label, as Kubernetes has it.</summary>
    public bool Matches(Labels labels) => Operator switch
    {
        LabelOperator.In => labels[Key] is { } value && Values.Contains(value),
        LabelOperator.NotIn => labels[Key] is not { } value || !Values.Contains(value),
        LabelOperator.Exists => labels.Has(Key),
        _ => !labels.Has(Key),
    };
}

/// <summary>A Kubernetes label selector: all requirements must hold; none at all matches everything.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.LabelSelector")]
public sealed record LabelSelector([property: Id(0)] EquatableList<LabelRequirement> Requirements)
{
    public static LabelSelector Everything { get; } = new([]);

    public bool Matches(Labels labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels)) return false;
        }
        return true;
    }
}
