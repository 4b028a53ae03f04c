namespace OrleansLb.LocalGrains;

/// <summary>How the silo treats calls and idle activations.</summary>
public sealed class LocalGrainsOptions
{
    /// <summary>How long a caller waits for an answer; Orleans' own default.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation stays when nobody calls it; Orleans' own default.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for; Orleans' own default.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);
}
