namespace OrleansLb.Core.Election;

/// <summary>When addresses may move although their announcer lives.</summary>
public sealed class ElectionOptions
{
    public const string Section = "Election";

    /// <summary>
    /// How long a node that has come back (its speaker, its readiness, its interface) must have been sound before it is given what another announces. Doubled
    /// with each return within <see cref="ReturnWindow"/>.
    /// </summary>
    public TimeSpan HoldDown { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The hold-down of a node that comes and goes grows no longer than this.</summary>
    public TimeSpan LongestHoldDown { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the returns of a node are remembered.</summary>
    public TimeSpan ReturnWindow { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often loads are compared.</summary>
    public TimeSpan RebalanceInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many services may move at one comparison.</summary>
    public int MovesPerInterval { get; set; } = 5;

    /// <summary>Loads that differ by no more than this share of the greater one are even enough; nothing moves for them.</summary>
    public double Tolerance { get; set; } = 0.25;

    /// <summary>
    /// How long the services of a lost node wait to be told, at most, until the nodes that take over have been: what is told first is on the wire first.
    /// </summary>
    public TimeSpan HeirsFirst { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long nothing must have changed before nodes are told whose addresses they take over should that node be lost.</summary>
    public TimeSpan TestamentRest { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long to wait before a service whose election failed is told again.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long elections of a directory that lost its memory wait for nodes to speak up.</summary>
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a directory that lost its memory waits for the record before it judges nodes by their speakers alone.</summary>
    public TimeSpan FactsTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
