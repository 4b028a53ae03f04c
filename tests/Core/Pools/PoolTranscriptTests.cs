namespace OrleansLb.Core.Tests.Pools;

/// <summary>The allocator beside its golden transcripts.</summary>
public sealed class PoolTranscriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Pools", "testdata");

    public static IEnumerable<TheoryDataRow<string>> Transcripts =>
        Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal).Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    [Fact]
    public void There_are_transcripts() => Assert.NotEmpty(Directory.GetFiles(Folder, "*.txt"));

    [Theory, MemberData(nameof(Transcripts))]
    public void The_allocator_does_what_the_transcript_says(string file)
    {
        var expected = File.ReadAllText(Path.Combine(Folder, file));
        var played = PoolTranscript.Play(expected);
        File.WriteAllText(Path.Combine(Folder, file + ".played"), played);
        Assert.Equal(expected, played);
    }
}
