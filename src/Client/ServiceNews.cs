using OrleansLb.Core;

namespace OrleansLb.Client;

/// <summary>How far somebody has followed the changes of Services.</summary>
/// <param name="Source">Who counts: after a hand-over to another silo it is another one, and revisions begin anew.</param>
/// <param name="Revision">Rises with each change.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.FeedPosition")]
public readonly record struct FeedPosition([property: Id(0)] string Source, [property: Id(1)] long Revision);

/// <summary>What has changed between two revisions. Of a Service that changed several times, the last state only.</summary>
/// <param name="Since">Whoever has not followed up to here has missed something.</param>
/// <param name="Revision">Up to here it has followed then.</param>
/// <param name="Gone">Services that are served no longer.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceNews")]
public sealed record ServiceNews(
    [property: Id(0)] FeedPosition Since,
    [property: Id(1)] long Revision,
    [property: Id(2)] EquatableList<ServiceState> Changed,
    [property: Id(3)] EquatableList<ServiceName> Gone);

/// <summary>The right to be told of changes for a while.</summary>
/// <param name="Lease">For how long.</param>
/// <param name="All">Every Service at this position; null when the caller has followed and needs no more than what it is told.</param>
/// <param name="IsPartial">Not all are known yet, as after the death of a silo: one that is missing may be there, and the caller asks again soon.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.FollowGrant")]
public sealed record FollowGrant(
    [property: Id(0)] FeedPosition Position,
    [property: Id(1)] TimeSpan Lease,
    [property: Id(2)] EquatableList<ServiceState>? All,
    [property: Id(3)] bool IsPartial = false);
