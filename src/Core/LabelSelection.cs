namespace OrleansLb.Core;

/// <summary>What a list of selectors means wherever configuration has one.</summary>
public static class LabelSelection
{
    /// <summary>No selector at all means everything; of several it is enough that one matches.</summary>
    public static bool Admit(this EquatableList<LabelSelector> selectors, Labels? labels)
    {
        if (selectors.Count == 0) return true;
        foreach (var selector in selectors)
        {
            if (selector.Matches(labels ?? Labels.None)) return true;
        }
        return false;
    }

    /// <summary>No object can be selected by both, whatever its labels are.</summary>
    public static bool ExcludesAll(this EquatableList<LabelSelector> selectors, EquatableList<LabelSelector> others) =>
        selectors.Count > 0 && others.Count > 0 && selectors.All(one => others.All(other => Contradict(one, other)));

    /// <summary>Whatever one of them selects, the other does too.</summary>
    public static bool SurelyMeets(this EquatableList<LabelSelector> selectors, EquatableList<LabelSelector> others) =>
        IsEverything(selectors) || IsEverything(others) || selectors.Any(one => others.Contains(one));

    private static bool IsEverything(EquatableList<LabelSelector> selectors) =>
        selectors.Count == 0 || selectors.Any(selector => selector.Requirements.Count == 0);

    private static bool Contradict(LabelSelector one, LabelSelector other) =>
        one.Requirements.Any(left => other.Requirements.Any(right => left.Key == right.Key && (Contradict(left, right) || Contradict(right, left))));

    private static bool Contradict(LabelRequirement one, LabelRequirement other) => (one.Operator, other.Operator) switch
    {
        (LabelOperator.In, LabelOperator.In) => !one.Values.Any(value => other.Values.Contains(value)),
        (LabelOperator.In, LabelOperator.NotIn) => one.Values.All(value => other.Values.Contains(value)),
        (LabelOperator.In or LabelOperator.Exists, LabelOperator.DoesNotExist) => true,
        _ => false,
    };
}
