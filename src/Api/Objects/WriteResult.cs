using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>What a write left behind.</summary>
public sealed record WriteResult(StoredObject Object, bool Created, IReadOnlyList<string> Warnings);
