using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Watches;

/// <summary>
/// The last changes of one resource as a chain that one writer extends and any number of watchers walk at their own pace.
/// It forgets the oldest beyond its size: a watcher that has fallen out of it must list again (410 Expired).
/// </summary>
public sealed class EventLog
{
    private readonly int _size;
    private volatile Link _tail;
    private volatile Link _head;
    private volatile TaskCompletionSource _changed = NewSignal();
    private int _count;

    /// <param name="size">How many changes are kept.</param>
    /// <param name="start">The revision before the first change.</param>
    public EventLog(int size, long start)
    {
        _size = size;
        _head = _tail = new(start, null);
    }

    /// <summary>Watches may start at this revision or later.</summary>
    public long OldestRevision => _head.Revision;

    /// <summary>True when the store has closed.</summary>
    public bool Completed { get; private set; }

    /// <summary>Completes at the next change. Take it before looking for changes, not after.</summary>
    public Task Changed => _changed.Task;

    /// <summary>The place right after this revision, or null if the changes since then are no longer known.</summary>
    public Link? Seek(long revision)
    {
        var link = _head;
        if (revision < link.Revision) return null;
        while (link.Next is { } next && next.Revision <= revision) link = next;
        return link;
    }

    internal void Append(StoreChange change)
    {
        var link = new Link(change.Revision, change);
        _tail.Next = link;
        _tail = link;
        if (++_count <= _size) return;
        _head = _head.Next!;
        _count--;
    }

    internal void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    internal void Complete()
    {
        Completed = true;
        Signal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One change and the way to the next.</summary>
    public sealed class Link(long revision, StoreChange? change)
    {
        private volatile Link? _next;

        public long Revision => revision;

        /// <summary>Null only in the place where the log starts.</summary>
        public StoreChange? Change => change;

        public Link? Next { get => _next; internal set => _next = value; }

    }
}
