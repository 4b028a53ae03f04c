using System.Collections.Immutable;

namespace OrleansLb.Api.Cel.Rules;

/// <summary>The rules at one place of a schema and below it.</summary>
internal sealed record RuleNode(ImmutableArray<SchemaRule> Rules)
{
    public ImmutableArray<KeyValuePair<string, RuleNode>> Properties { get; init; } = [];
    public RuleNode? AdditionalProperties { get; init; }
    public RuleNode? Items { get; init; }

    /// <summary>Rules that come from <c>allOf</c> and speak of the same place.</summary>
    public ImmutableArray<RuleNode> AllOf { get; init; } = [];

    /// <summary>The fields by which an item is the same as one before, for a list of type map; none elsewhere.</summary>
    public ImmutableArray<string> MapKeys { get; init; } = [];

    public bool IsEmpty => Rules.IsEmpty && Properties.IsEmpty && AdditionalProperties is null && Items is null && AllOf.IsEmpty;
}
