namespace OrleansLb.Grains.Tests;

/// <summary>Turns of one grain, each run when the test says so: what another thread does in the middle of one can be told from what comes after it.</summary>
internal sealed class TurnsByHand : TaskScheduler
{
    private readonly Queue<Task> _turns = [];

    /// <summary>Runs code as a turn, now.</summary>
    public void Run(Action code)
    {
        var turn = new Task(code);
        turn.Start(this);
        RunAll();
        turn.GetAwaiter().GetResult();
    }

    protected override void QueueTask(Task task) => _turns.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _turns;

    private void RunAll()
    {
        while (_turns.TryDequeue(out var turn)) TryExecuteTask(turn);
    }
}
