namespace OrleansLb.Grains.Nodes;

/// <summary>How often a speaker says that it lives, and how long its silence is borne.</summary>
public sealed class LivenessOptions
{
    public const string Section = "Liveness";

    /// <summary>How often a speaker sends a heartbeat, and its grain looks for one.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The silence after which a node is dead; time in which the grain itself stood still does not count.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(75);

    /// <summary>
    /// How long a speaker's process may stand still before it is fenced (docs/decisions/0021): well within the silence after which others may take over, for
    /// they reckon from the last word that they heard.
    /// </summary>
    public TimeSpan Standstill { get; set; } = TimeSpan.FromMilliseconds(75);

    /// <summary>How long a speaker that leaves waits for others to take over its addresses.</summary>
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long routers that were asked to avoid a node (RFC 8326) are given to find other ways before its BGP routes are withdrawn. The pod's
    /// terminationGracePeriodSeconds has to be longer by at least 12 s.
    /// </summary>
    public TimeSpan GracefulShutdownTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a node's grain that lost its memory waits for the speaker to connect again.</summary>
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a node compares its plan with what services report, and its routes with the shared set: a call may be lost with the grain that was to make it.
    /// </summary>
    public TimeSpan CompareInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Likewise after the directory has lost its memory: services may have lost theirs with it, and some of them may have been given to another node.
    /// </summary>
    public TimeSpan RecheckDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait before the directory is told again after a failure.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);
}
