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
}
