namespace OrleansLb.Core.Tests;

public sealed class SimilarityTests
{
    [Theory]
    [InlineData("frnt", "front")]
    [InlineData("Front", "front")]
    [InlineData("fornt", "front")]
    [InlineData("something-else", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found_if_it_is_near(string meant, string? expected) =>
        Assert.Equal(expected, Similarity.Nearest(meant, ["rear", "front", "lab"]));
}
