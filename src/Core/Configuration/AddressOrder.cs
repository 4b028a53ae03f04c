namespace OrleansLb.Core.Configuration;

/// <summary>Which of its free addresses a pool gives next.</summary>
[GenerateSerializer, Alias("orleanslb.AddressOrder")]
public enum AddressOrder : byte
{
    /// <summary>The lowest, range by range as they are written.</summary>
    LowestFirst,

    /// <summary>The next behind the one that was given last; a freed address comes again when all others have had their turn.</summary>
    RoundRobin,

    /// <summary>One that was never given, as far as is remembered; then the one that was freed longest ago.</summary>
    LeastRecentlyReleased,
}
