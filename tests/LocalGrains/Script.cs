using System.Collections.Concurrent;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>What grains have told, in order, and the gates at which they stand until the test opens them.</summary>
internal sealed class Script
{
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();

    public IReadOnlyList<string> Told => [.. _told];

    public void Tell(string what)
    {
        _told.Enqueue(what);
        Awaited(what).TrySetResult();
    }

    /// <summary>Completes when a grain has told that.</summary>
    public Task Heard(string what) => Awaited(what).Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Where a grain stands until the gate is opened.</summary>
    public Task Gate(string name) => GateNamed(name).Task;

    public void Open(string name) => GateNamed(name).TrySetResult();

    private TaskCompletionSource GateNamed(string name) => _gates.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Awaited(string what) => _awaited.GetOrAdd(what, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
