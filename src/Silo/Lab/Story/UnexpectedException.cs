namespace OrleansLb.Silo.Lab.Story;

/// <summary>A step of the story did not come out as it should.</summary>
internal sealed class UnexpectedException(string expected, string seen) : Exception($"expected: {expected}; seen: {seen}")
{
    public string Expected { get; } = expected;

    public string Seen { get; } = seen;
}
