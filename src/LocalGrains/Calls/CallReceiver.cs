namespace OrleansLb.LocalGrains.Calls;

/// <summary>Takes calls and runs their code in turns, one at a time, on whichever thread is free: all its own state is touched in turns only.</summary>
internal abstract class CallReceiver : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>Items taken before the thread is given back, so that a busy receiver does not starve the others.</summary>
    private const int ItemsAtATime = 64;

    [ThreadStatic]
    private static CallReceiver? _running;

    /// <summary>
    /// Each a Task, a Call or an Action. Most receivers have few at a time, and there are thousands of receivers: a concurrent queue takes ten times the room.
    /// </summary>
    private readonly Queue<object> _items = [];
    private bool _scheduled;

    protected CallReceiver(Router router, bool reentrant) => (Router, Calls) = (router, new(reentrant));

    /// <summary>The receiver whose turn this thread runs.</summary>
    public static CallReceiver? Running => _running;

    /// <summary>The call that keeps others from starting.</summary>
    public Call? Blocker => Calls.Blocker;

    public sealed override int MaximumConcurrencyLevel => 1;

    protected Router Router { get; }

    protected CallQueue Calls { get; }

    /// <summary>Whether the code of this receiver is never to run again.</summary>
    protected bool IsLost { get; set; }

    public void Receive(Call call)
    {
        call.Receiver = this;
        Enqueue(call);
    }

    /// <summary>Takes a waiting call out of the queue, or tells a running one that its caller has gone.</summary>
    public void Cancel(Call call) => Post(() =>
    {
        if (!Calls.Remove(call)) InTurn(call.Cancel);
    });

    void IThreadPoolWorkItem.Execute()
    {
        _running = this;
        for (var taken = 0; taken < ItemsAtATime && Take() is { } item; taken++) Handle(item);
        _running = null;
        Rest();
    }

    /// <summary>A call has come, or a turn is over: starts what may start now. True if there may be more to start.</summary>
    protected abstract bool Advance();

    /// <summary>Does something between two turns.</summary>
    protected void Post(Action action) => Enqueue(action);

    /// <summary>Runs code as a turn now, so that what it awaits comes back here.</summary>
    protected void InTurn(Action code)
    {
        if (!IsLost) new Task(code).RunSynchronously(this);
    }

    /// <summary>Starts a call as a turn.</summary>
    protected void Start(Call call, object target)
    {
        Calls.Started(call);
        call.State = CallState.Running;
        InTurn(() => _ = RunToEnd(call, target));
    }

    protected sealed override void QueueTask(Task task) => Enqueue(task);

    protected sealed override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && _running == this && !IsLost && TryExecuteTask(task);

    protected sealed override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_items) return [.. _items.OfType<Task>()];
    }

    private void Handle(object item)
    {
        if (item is Call arrived) Calls.Wait(arrived);
        else if (item is Action action) action();
        else if (!IsLost) TryExecuteTask((Task)item);
        while (Advance()) { }
        if (item is Call call && Calls.IsWaiting(call)) RefuseIfEndless(call);
    }

    private async Task RunToEnd(Call call, object target)
    {
        call.Enter();
        try
        {
            await call.Run(target);
        }
        finally
        {
            Calls.Ended(call);
            call.State = CallState.Done;
        }
    }

    private void RefuseIfEndless(Call call)
    {
        if (Router.Waits.Waits(call, Blocker) is not { } chain) return;
        Calls.Remove(call);
        call.Fail(new CallCycleException(chain));
    }

    private void Enqueue(object item)
    {
        lock (_items)
        {
            _items.Enqueue(item);
            if (_scheduled) return;
            _scheduled = true;
        }
        Schedule();
    }

    private object? Take()
    {
        lock (_items) return _items.TryDequeue(out var item) ? item : null;
    }

    /// <summary>Gives the thread back, to come again if something is left to do.</summary>
    private void Rest()
    {
        lock (_items)
        {
            _scheduled = _items.Count > 0;
            if (!_scheduled) return;
        }
        Schedule();
    }

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
