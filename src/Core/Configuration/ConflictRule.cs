namespace OrleansLb.Core.Configuration;

/// <summary>What is done about hosts outside of the cluster that use an address of a pool.</summary>
/// <param name="Probe">An address is looked for on the wire before it is used for the first time (RFC 5227 §2.1, RFC 4862 §5.4).</param>
/// <param name="Move">A service whose address a stranger claims while it is in use is given another one, unless it asked for this one.</param>
/// <param name="Quarantine">How long a stranger's address is given to nobody; more than nothing.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ConflictRule")]
public sealed record ConflictRule(
    [property: Id(0)] bool Probe,
    [property: Id(1)] bool Move,
    [property: Id(2)] TimeSpan Quarantine)
{
    public static ConflictRule Default { get; } = new(Probe: true, Move: false, TimeSpan.FromMinutes(10));
}
