using System.Collections.Immutable;
using System.Globalization;

namespace OrleansLb.Api.Selectors;

/// <summary>How a requirement compares a label with its values.</summary>
public enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

/// <summary>One requirement of a label selector.</summary>
public readonly record struct LabelRequirement(string Key, LabelOperator Operator, ImmutableArray<string> Values)
{
    /// <param name="label">The label's value, or null if the object does not bear it.</param>
    public bool Matches(string? label) => Operator switch
    {
        LabelOperator.In => label is not null && Values.Contains(label),
        LabelOperator.NotIn => label is null || !Values.Contains(label),
        LabelOperator.Exists => label is not null,
        LabelOperator.DoesNotExist => label is null,
        LabelOperator.GreaterThan => Number(label) > Number(Values[0]),
        LabelOperator.LessThan => Number(label) < Number(Values[0]),
        _ => false,
    };

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
