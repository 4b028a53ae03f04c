namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// How the segment is asked before an address is used for the first time. The defaults cost 9 ms and find what answers at once; RFC 5227 §1.1 asks for
/// three probes one to two seconds apart, RFC 4862 §5.1 for one and a second's wait.
/// </summary>
public sealed record ProbeOptions
{
    /// <summary>How many probes; 0: an address is used without asking.</summary>
    public int Count { get; init; } = 3;

    /// <summary>After each probe.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Who claims the address within so long of its first use had it before us and was only slow to say so.</summary>
    public TimeSpan LateAnswer { get; init; } = TimeSpan.FromSeconds(3);
}
