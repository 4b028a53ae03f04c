namespace OrleansLb.Kubernetes.Client.Leases;

/// <summary>
/// What is known of a lease, judged by the own clock only: a holder is late when its record has not changed for the lease's duration since we saw it change.
/// </summary>
internal sealed record LeaseTerm(LeaseObject? Record, long SeenAt)
{
    public static readonly LeaseTerm Unknown = new(null, 0);

    /// <summary>The term after another look: the clock starts anew when anything changed.</summary>
    public LeaseTerm See(LeaseObject? record, long now) =>
        record?.Metadata.ResourceVersion == Record?.Metadata.ResourceVersion && record is not null ? this with { Record = record } : new LeaseTerm(record, now);

    public bool IsHeldBy(string identity) => Record?.Spec?.HolderIdentity == identity;

    /// <summary>Whether somebody who is not the holder may take it.</summary>
    public bool IsFree(TimeSpan defaultDuration, TimeSpan unchangedFor)
    {
        if (string.IsNullOrEmpty(Record?.Spec?.HolderIdentity)) return true;
        return unchangedFor >= (Record.Spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : defaultDuration);
    }

    /// <summary>The record that makes the identity the holder, or renews it.</summary>
    public LeaseObject Claim(LeaderElectorOptions options, DateTimeOffset now)
    {
        var time = new Resources.MicroTime(now);
        var renews = IsHeldBy(options.Identity);
        var transitions = Record?.Spec?.LeaseTransitions ?? 0;
        return (Record ?? new LeaseObject { Metadata = new() { Namespace = options.Namespace, Name = options.Name } }) with
        {
            Spec = new LeaseSpec
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds),
                AcquireTime = renews ? Record!.Spec!.AcquireTime : time,
                RenewTime = time,
                LeaseTransitions = renews || Record is null ? transitions : transitions + 1,
            },
        };
    }

    /// <summary>The record that lets anybody take it at once.</summary>
    public LeaseObject Release(DateTimeOffset now) => Record! with
    {
        Spec = new LeaseSpec { HolderIdentity = "", LeaseDurationSeconds = 1, AcquireTime = new(now), RenewTime = new(now),
            LeaseTransitions = Record.Spec?.LeaseTransitions },
    };
}
