using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>Claims by what they are; each counts once.</summary>
internal readonly record struct ClaimCount(int Held, int Reserved, int Quarantined)
{
    public int Total => Held + Reserved + Quarantined;

    public ClaimCount With(AddressClaim claim, int by) => claim switch
    {
        { Holders.Count: > 0 } => this with { Held = Held + by },
        { Quarantine: not null } => this with { Quarantined = Quarantined + by },
        _ => this with { Reserved = Reserved + by },
    };
}
