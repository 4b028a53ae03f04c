using System.Collections.Immutable;

namespace OrleansLb.Api.Storage;

/// <summary>Where changes are made durable before anybody is told of them.</summary>
public interface IObjectJournal : IDisposable
{
    /// <summary>The image as it was when the journal was last written.</summary>
    StoreImage Load();

    void Commit(ImmutableArray<StoreChange> changes);
}
