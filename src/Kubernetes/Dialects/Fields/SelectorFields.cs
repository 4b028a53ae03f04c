using OrleansLb.Core;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Fields that hold label selectors (metav1.LabelSelector).</summary>
internal static class SelectorFields
{
    /// <summary>How a dialect spells the two parts of a selector.</summary>
    public readonly record struct Spelling(string MatchLabels, string MatchExpressions)
    {
        public static readonly Spelling Kubernetes = new("matchLabels", "matchExpressions");

        public static readonly Spelling ConfigMap = new("match-labels", "match-expressions");
    }

    /// <summary>A list of selectors of which none may occur twice.</summary>
    public static EquatableList<LabelSelector> Selectors(this FieldReader fields, string name, Spelling? spelling = null)
    {
        var selectors = new List<LabelSelector>();
        foreach (var item in fields.Objects(name))
        {
            var selector = Selector(item, spelling ?? Spelling.Kubernetes);
            if (selectors.Contains(selector))
            {
                fields.Problems.Error(item.Path, $"duplicate definition of {name}: the same selector is in the list twice; remove one.");
            }
            selectors.Add(selector);
        }
        return selectors.ToEquatableList();
    }

    /// <summary>One selector, whose fields <paramref name="selector"/> reads.</summary>
    public static LabelSelector Selector(FieldReader selector, Spelling spelling)
    {
        var requirements = selector.Map(spelling.MatchLabels)
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => Required(selector, $"{spelling.MatchLabels}.{label.Key}", label.Key, LabelOperator.In, [label.Value]))
            .ToList();
        foreach (var expression in selector.Objects(spelling.MatchExpressions))
        {
            if (Expression(expression) is not { } requirement) continue;
            if (requirements.Exists(other => IsSame(other, requirement)))
            {
                selector.Problems.Error(expression.Path,
                    "duplicate definition of match expressions: the same expression is in the selector twice; remove one.");
            }
            requirements.Add(requirement);
        }
        selector.End();
        return new LabelSelector(requirements.ToEquatableList());
    }

    /// <summary>The order of the values has no meaning.</summary>
    private static bool IsSame(LabelRequirement one, LabelRequirement other) =>
        (one.Key, one.Operator) == (other.Key, other.Operator)
            && one.Values.Order(StringComparer.Ordinal).SequenceEqual(other.Values.Order(StringComparer.Ordinal));

    private static LabelRequirement? Expression(FieldReader expression)
    {
        var key = expression.RequiredText("key");
        var values = expression.Texts("values");
        var operatorText = expression.RequiredText("operator");
        expression.End();
        if (key is null || operatorText is null) return null;
        if (!Enum.TryParse<LabelOperator>(operatorText, out var comparison) || !Enum.IsDefined(comparison) || char.IsAsciiDigit(operatorText[0]))
        {
            expression.Error("operator", $"invalid label selector: '{operatorText}' is no operator; use In, NotIn, Exists or DoesNotExist.");
            return null;
        }
        CheckValues(expression, comparison, values);
        return Required(expression, "key", key, comparison, values);
    }

    private static void CheckValues(FieldReader expression, LabelOperator comparison, EquatableList<string> values)
    {
        var takesValues = comparison is LabelOperator.In or LabelOperator.NotIn;
        if (takesValues && values.Count == 0) expression.Error("values", $"invalid label selector: {comparison} needs at least one value.");
        if (!takesValues && values.Count > 0) expression.Error("values", $"invalid label selector: {comparison} takes no values; remove them.");
        if (values.Distinct().Count() != values.Count)
        {
            expression.Error("values", "duplicate definition of match expression value in label selector; give each value once.");
        }
    }

    private static LabelRequirement Required(FieldReader selector, string at, string key, LabelOperator comparison, EquatableList<string> values)
    {
        if (LabelSyntax.KeyFault(key) is { } keyFault) selector.Error(at, $"invalid label selector: {keyFault}");
        foreach (var value in values)
        {
            if (LabelSyntax.ValueFault(value) is { } valueFault) selector.Error(at, $"invalid label selector: {valueFault}");
        }
        return new LabelRequirement(key, comparison, values);
    }
}
