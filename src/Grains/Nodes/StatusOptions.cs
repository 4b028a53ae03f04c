namespace OrleansLb.Grains.Nodes;

/// <summary>How often status objects are written and events are told.</summary>
public sealed class StatusOptions
{
    public const string Section = "Status";

    /// <summary>Numbers that change with every service (routes advertised) are written at most this often; everything else at once.</summary>
    public TimeSpan CountsInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Writes of one node that are under way together.</summary>
    public int WritesAtOnce { get; set; } = 4;

    /// <summary>The first wait after a write that failed; it doubles up to <see cref="RetryLimit"/>.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a lost session is waited for before the services that it carried are told: one event each for all that was lost meanwhile.</summary>
    public TimeSpan EventDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>So many services get an event of their own; that there are more is said on the node and the peer.</summary>
    public int ServiceEvents { get; set; } = 100;
}
