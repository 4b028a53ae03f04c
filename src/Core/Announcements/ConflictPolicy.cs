namespace OrleansLb.Core.Announcements;

/// <summary>
/// What a speaker does about a host outside the cluster that claims an address which is announced here. It is reported and counted in any case.
/// </summary>
[GenerateSerializer, Alias("orleanslb.ConflictPolicy")]
public enum ConflictPolicy : byte
{
    /// <summary>Go on, and announce once more, no oftener than RFC 5227 §2.4 (c) allows.</summary>
    Defend = 0,

    /// <summary>Go on.</summary>
    Report,

    /// <summary>Fall silent for it, and try again from time to time whether it is free.</summary>
    Yield,
}
