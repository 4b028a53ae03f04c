namespace OrleansLb.Core.Tests;

public class LabelSelectionTests
{
    private static readonly LabelSelector Blue = Given.Selector("colour", "blue");
    private static readonly LabelSelector Large = Given.Selector("size", "large");

    public static TheoryData<EquatableList<LabelSelector>, Labels?, bool> Cases => new()
    {
        { [], null, true },
        { [], Given.Labelled("colour", "red"), true },
        { [Blue], null, false },
        { [Blue], Given.Labelled("colour", "red"), false },
        { [Blue], Given.Labelled("colour", "blue"), true },
        { [Large, Blue], Given.Labelled("colour", "blue"), true },
        { [LabelSelector.Everything], null, true },
    };

    [Theory, MemberData(nameof(Cases))]
    public void No_selector_means_everything_and_of_several_one_is_enough(EquatableList<LabelSelector> selectors, Labels? labels, bool expected) =>
        Assert.Equal(expected, selectors.Admit(labels));
}
