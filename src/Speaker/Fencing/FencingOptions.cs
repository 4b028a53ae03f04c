namespace OrleansLb.Speaker.Fencing;

/// <summary>When a speaker holds its tongue because others may have taken over what it announces, and how it finds out (docs/decisions/0021).</summary>
public sealed record FencingOptions
{
    /// <summary>How long the process may stand still before others may have taken over. No longer than the cluster bears a node's silence.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the process takes note that it runs; a third of the patience at most.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a fenced speaker waits for the cluster's word before it asks the segment.</summary>
    public TimeSpan ConfirmWait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After so long without the cluster's word the speaker is on its own: it asks the segment for rivals and yields to each that it hears.</summary>
    public TimeSpan ContactTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a speaker on its own waits for the cluster's word once an interface is there again, before it asks the segment: while the node was without,
    /// others took over what it announced, and it is about to hear of that by the same cable.
    /// </summary>
    public TimeSpan Return { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between the two questions that lift a fence, and after the second.</summary>
    public TimeSpan AskInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>On its own, a speaker asks for rivals of each address once in this time; more slowly when it holds thousands.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after it last heard a rival a speaker on its own tries an address again. Up to half of it is added, different for each node.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);
}
