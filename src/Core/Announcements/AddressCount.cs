using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Announcements;

/// <summary>What a speaker has done for an address since it was assigned.</summary>
/// <param name="Since">When it was announced; null while it is not.</param>
/// <param name="Standing">How it stands on the segment: Announced, Probing, Reclaiming, Taken, Yielded or Interrupted.</param>
/// <param name="Answered">Requests answered.</param>
/// <param name="Claimed">Frames in which another host claimed it.</param>
/// <param name="Remark">What keeps it from being announced as its advertisement says, in words; null: nothing does.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressCount")]
public sealed record AddressCount(
    [property: Id(0)] Address Address,
    [property: Id(1)] long Epoch,
    [property: Id(2)] DateTimeOffset? Since,
    [property: Id(3)] string Standing,
    [property: Id(4)] long Answered,
    [property: Id(5)] long Claimed,
    [property: Id(6)] string? Remark = null);
