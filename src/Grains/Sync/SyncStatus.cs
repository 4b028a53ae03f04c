namespace OrleansLb.Grains.Sync;

/// <summary>How the reading of the feed stands.</summary>
/// <param name="Reading">The feed is being read.</param>
/// <param name="Complete">Configuration, nodes, claims and services were read whole and dealt with once: the service is ready.</param>
/// <param name="Services">Services that the record has, wanted or not.</param>
/// <param name="Restarts">How often the reading had to begin anew after a fault.</param>
/// <param name="LastFault">What the last fault was; null when there was none.</param>
/// <param name="LastChange">When the last change was read.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.SyncStatus")]
public sealed record SyncStatus(
    [property: Id(0)] bool Reading,
    [property: Id(1)] bool Complete,
    [property: Id(2)] int Services,
    [property: Id(3)] int Restarts,
    [property: Id(4)] string? LastFault,
    [property: Id(5)] DateTimeOffset? LastChange);
