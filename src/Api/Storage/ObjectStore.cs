using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Watches;

namespace OrleansLb.Api.Storage;

/// <summary>
/// The objects and their history. One loop takes every decision in turn, makes a batch of them durable at once,
/// and then publishes the new image and the events; readers never wait for it.
/// </summary>
public sealed class ObjectStore : IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly IObjectJournal _journal;
    private readonly TimeProvider _clock;
    private readonly int _historySize;
    private readonly long _firstRevision;
    private readonly ConcurrentDictionary<GroupResource, EventLog> _logs = new();
    private readonly Channel<PendingWrite> _writes = Channel.CreateUnbounded<PendingWrite>(new() { SingleReader = true });
    private readonly Task _loop;
    private volatile StoreImage _image;

    public ObjectStore(IObjectJournal journal, TimeProvider clock, int historySize)
    {
        (_journal, _clock, _historySize) = (journal, clock, historySize);
        _image = journal.Load();
        _firstRevision = _image.Revision;
        _loop = Task.Run(RunAsync);
    }

    public StoreImage Image => _image;

    public TimeProvider Clock => _clock;

    /// <summary>The recent changes of one resource, for watchers to follow.</summary>
    public EventLog Log(GroupResource resource) => _logs.GetOrAdd(resource, static (_, store) => new(store._historySize, store._firstRevision), this);

    /// <summary>Takes a decision with the store to itself; returns when its changes are durable and published.</summary>
    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> decide, bool dryRun = false)
    {
        var write = new PendingWrite<T>(decide, dryRun);
        ObjectDisposedException.ThrowIf(!_writes.Writer.TryWrite(write), this);
        return write.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop;
        foreach (var log in _logs.Values) log.Complete();
        _journal.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingWrite>(MaxBatch);
        while (await _writes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _writes.Reader.TryRead(out var write)) batch.Add(write);
            Execute(batch);
        }
    }

    private void Execute(List<PendingWrite> batch)
    {
        var image = _image;
        var changes = ImmutableArray.CreateBuilder<StoreChange>();
        foreach (var write in batch)
        {
            var transaction = new StoreTransaction(image, _clock) { DryRun = write.DryRun };
            if (!write.TryDecide(transaction) || write.DryRun) continue;
            image = transaction.Image;
            changes.AddRange(transaction.Changes());
        }
        Finish(batch, image, changes.ToImmutable());
    }

    private void Finish(List<PendingWrite> batch, StoreImage image, ImmutableArray<StoreChange> changes)
    {
        try
        {
            if (!changes.IsEmpty) _journal.Commit(changes);
            Publish(image, changes);
        }
        catch (Exception error)
        {
            foreach (var write in batch) write.Fail(error); // the loop lives on: the next write may find the disk in order
            return;
        }
        foreach (var write in batch) write.Complete();
    }

    /// <summary>The logs first: whoever reads the new image must find in them everything up to it.</summary>
    private void Publish(StoreImage image, ImmutableArray<StoreChange> changes)
    {
        var touched = new HashSet<EventLog>();
        foreach (var change in changes)
        {
            var log = Log(change.Current.Resource);
            log.Append(change);
            touched.Add(log);
        }
        _image = image;
        foreach (var log in touched) log.Signal();
    }
}
