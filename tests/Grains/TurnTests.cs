using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task A_single_flight_runs_once_more_for_all_who_ask_while_it_runs()
    {
        var (runs, gate) = (0, new TaskCompletionSource());
        var flight = new SingleFlight(() =>
        {
            runs++;
            return gate.Task;
        });
        var first = flight.Run();
        var (second, third) = (flight.Run(), flight.Run());
        Assert.Equal(1, runs);
        Assert.Same(second, third);
        gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_single_flight_that_fails_tells_those_who_asked_for_it_and_goes_on()
    {
        var runs = 0;
        var flight = new SingleFlight(() => runs++ == 0 ? Task.FromException(new InvalidOperationException()) : Task.CompletedTask);
        await Assert.ThrowsAsync<InvalidOperationException>(flight.Run);
        await flight.Run();
        Assert.Equal(2, runs);
    }

    /// <summary>
    /// The answer to a call comes on another thread, at any point of a turn: were that the end of the run, it could come between the look whether one is under
    /// way and the wait for its end, and whoever asks later would be given for ever a run that is over.
    /// </summary>
    [Fact]
    public void A_run_whose_last_answer_comes_in_the_middle_of_a_turn_has_not_ended_before_the_next()
    {
        var (turns, answers) = (new TurnsByHand(), new List<TaskCompletionSource>());
        var flight = new SingleFlight(() =>
        {
            answers.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            return answers[^1].Task;
        });
        Task first = Task.CompletedTask, second = first;
        turns.Run(() =>
        {
            first = flight.Run();
            answers[0].SetResult();
            second = flight.Run();
            Assert.False(first.IsCompleted);
            Assert.Single(answers);
        });
        Assert.True(first.IsCompleted);
        Assert.Equal(2, answers.Count);
        turns.Run(answers[1].SetResult);
        Assert.True(second.IsCompleted);
        turns.Run(() => flight.Run());
        Assert.Equal(3, answers.Count);
    }

    [Fact]
    public async Task What_is_to_be_known_is_read_once_and_again_after_a_fault()
    {
        var reads = 0;
        var memory = new Recollection(() => ++reads == 1 ? Task.FromException(new InvalidOperationException()) : Task.CompletedTask);
        await Assert.ThrowsAsync<InvalidOperationException>(memory.Known);
        await memory.Known();
        await memory.Known();
        Assert.Equal(2, reads);
        Assert.False(memory.TryTell());
    }

    [Fact]
    public async Task What_is_told_before_anybody_asked_is_not_read()
    {
        var reads = 0;
        var memory = new Recollection(() =>
        {
            reads++;
            return Task.CompletedTask;
        });
        Assert.True(memory.TryTell());
        Assert.False(memory.TryTell());
        await memory.Known();
        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task What_is_not_done_is_tried_again_once_however_often_it_is_asked_for()
    {
        var (answers, again) = (new Queue<Func<Task<bool>>>(), new List<Func<Task>>());
        var faults = new List<Exception?>();
        var run = new InsistentRun(() => answers.Dequeue()(), new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)), (fault, wait, retry) =>
        {
            Assert.Equal(TimeSpan.FromSeconds(1 << faults.Count), wait);
            faults.Add(fault);
            again.Add(retry);
        });
        answers.Enqueue(() => Task.FromResult(false));
        answers.Enqueue(() => Task.FromException<bool>(new OperationCanceledException()));
        await run.Run();
        await run.Run();
        Assert.False(run.IsDone);
        Assert.Null(Assert.Single(faults));

        answers.Enqueue(() => Task.FromException<bool>(new TaskCanceledException()));
        await again[0]();
        Assert.IsType<TaskCanceledException>(faults[1]);
        answers.Enqueue(() => Task.FromResult(true));
        await again[1]();
        Assert.True(run.IsDone);
    }

    [Fact]
    public async Task A_keyed_queue_goes_on_after_work_that_was_cancelled()
    {
        var done = new List<int>();
        var gate = new TaskCompletionSource();
        var queue = new KeyedQueue<int>(1, async key =>
        {
            await gate.Task;
            if (key == 1) throw new TaskCanceledException();
            done.Add(key);
        }, (_, fault) => Assert.IsType<TaskCanceledException>(fault));
        queue.Add(1);
        queue.Add(2);
        gate.SetResult();
        await queue.WhenIdle();
        Assert.Equal([2], done);
    }

    [Fact]
    public async Task A_keyed_queue_works_on_several_keys_at_a_time_and_never_twice_on_one()
    {
        var (running, most, total) = (new HashSet<int>(), 0, 0);
        var queue = new KeyedQueue<int>(3, async key =>
        {
            Assert.True(running.Add(key));
            most = Math.Max(most, running.Count);
            total++;
            await Task.Yield();
            running.Remove(key);
        }, (_, fault) => throw fault);
        await Task.Factory.StartNew(
            async () =>
            {
                for (var i = 0; i < 40; i++) queue.Add(i % 10);
                await queue.WhenIdle();
            },
            CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();
        Assert.Equal((3, 0), (most, running.Count));
        Assert.InRange(total, 10, 40);
    }

    [Fact]
    public async Task A_key_that_is_added_while_it_is_worked_on_is_worked_on_again()
    {
        var (runs, gate) = (0, new TaskCompletionSource());
        var queue = new KeyedQueue<string>(2, _ => ++runs == 1 ? gate.Task : Task.CompletedTask, (_, fault) => throw fault);
        queue.Add("a");
        queue.Add("a");
        queue.Add("a");
        Assert.Equal(1, runs);
        gate.SetResult();
        await queue.WhenIdle();
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_fault_puts_its_key_aside_and_the_others_go_on()
    {
        var (failed, done) = (new List<int>(), new List<int>());
        var queue = new KeyedQueue<int>(1, key =>
        {
            if (key == 1) throw new InvalidOperationException();
            done.Add(key);
            return Task.CompletedTask;
        }, (key, _) => failed.Add(key));
        for (var i = 0; i < 3; i++) queue.Add(i);
        await queue.WhenIdle();
        Assert.Equal([1], failed);
        Assert.Equal([0, 2], done);
    }

    [Fact]
    public async Task Work_that_ends_at_once_does_not_fill_the_stack()
    {
        var (done, gate) = (0, new TaskCompletionSource());
        var queue = new KeyedQueue<int>(1, key =>
        {
            done++;
            return key == 0 ? gate.Task : Task.CompletedTask;
        }, (_, fault) => throw fault);
        for (var i = 0; i < 200_000; i++) queue.Add(i);
        gate.SetResult();
        await queue.WhenIdle();
        Assert.Equal(200_000, done);
    }

    [Fact]
    public void A_backoff_doubles_up_to_its_limit_and_begins_anew_after_a_success()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => backoff.Failed().TotalSeconds));
        backoff.Succeeded();
        Assert.Equal(1, backoff.Failed().TotalSeconds);
    }
}
