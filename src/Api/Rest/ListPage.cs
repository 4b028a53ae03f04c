using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Rest;

/// <summary>The objects of one reply to a list, and how to go on.</summary>
internal sealed record ListPage(IReadOnlyList<StoredObject> Items, long Revision)
{
    /// <summary>The token for the next page; null on the last.</summary>
    public string? Continue { get; init; }

    public long? Remaining { get; init; }
}
