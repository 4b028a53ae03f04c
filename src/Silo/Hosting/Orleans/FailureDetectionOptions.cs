namespace OrleansLb.Silo.Hosting;

/// <summary>How a silo that fell silent is found and how many must say so (docs/decisions/0014).</summary>
internal sealed class FailureDetectionOptions
{
    public const string Section = "FailureDetection";

    /// <summary>How often each silo probes others, and how long it waits for the answer.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How far the wait may grow with slow answers.</summary>
    public TimeSpan LongestProbe { get; set; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How many probes in a row must go unanswered before a silo is suspected; the last is sent by way of another silo.</summary>
    public int MissedProbes { get; set; } = 2;

    /// <summary>For how long no message at all must have come of a silo before it can be voted on.</summary>
    public TimeSpan Silence => LongestProbe * MissedProbes;

    /// <summary>How many silos must suspect one for it to be dead; in a cluster of two, one is enough.</summary>
    public int Votes { get; set; } = 2;

    /// <summary>How many others each silo probes.</summary>
    public int Probed { get; set; } = 4;

    /// <summary>How long after its start a silo is not voted on; a death that is a fact is declared at any time.</summary>
    public TimeSpan StartGrace { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How long no vote is given on a silo that does not answer while its process does (UDP at the silo's port); zero: it is not asked. It should be well above
    /// what a busy machine takes, and no longer than those who call the silo can wait.
    /// </summary>
    public TimeSpan Reprieve { get; set; } = TimeSpan.FromSeconds(2);

    public bool IndirectProbes { get; set; } = true;

    /// <summary>How often the table is read without any occasion.</summary>
    public TimeSpan TableRefresh { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a silo writes that it lives; one that missed three of these has no say in whether others do.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After this time the row of a dead silo is removed.</summary>
    public TimeSpan DefunctExpiration { get; set; } = TimeSpan.FromHours(1);
}
