using System.Diagnostics.CodeAnalysis;

namespace OrleansLb.Grains.Turns;

/// <summary>
/// Work on many keys, several at a time but never two of one key. A key that is added while it is worked on is worked on again; a fault puts it aside.
/// </summary>
/// <remarks>Belongs to one grain: all calls are turns of it.</remarks>
internal sealed class KeyedQueue<TKey>(int width, Func<TKey, Task> work, Action<TKey, Exception> failed)
    where TKey : notnull
{
    private readonly Queue<TKey> _waiting = [];
    private readonly HashSet<TKey> _queued = [];
    private readonly HashSet<TKey> _running = [];
    private TaskCompletionSource? _idle;
    private bool _starting;

    public bool IsIdle => _running.Count == 0 && _waiting.Count == 0;

    public void Add(TKey key)
    {
        if (!_queued.Add(key)) return;
        _waiting.Enqueue(key);
        Start();
    }

    /// <summary>Done when nothing is queued or worked on.</summary>
    public Task WhenIdle() => IsIdle ? Task.CompletedTask : (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Work that ends at once comes back here; the loop that started it goes on, so that the stack does not grow with the queue.</summary>
    private void Start()
    {
        if (_starting) return;
        _starting = true;
        while (TryTake(out var key)) _ = Run(key);
        _starting = false;
    }

    private bool TryTake([MaybeNullWhen(false)] out TKey taken)
    {
        for (var looked = _waiting.Count; looked > 0 && _running.Count < width; looked--)
        {
            taken = _waiting.Dequeue();
            if (_running.Add(taken)) return true;
            _waiting.Enqueue(taken);
        }
        taken = default;
        return false;
    }

    private async Task Run(TKey key)
    {
        _queued.Remove(key);
        try
        {
            await work(key);
        }
        catch (Exception fault)
        {
            failed(key, fault);
        }
        finally
        {
            _running.Remove(key);
        }
        Start();
        if (!IsIdle || _idle is not { } idle) return;
        _idle = null;
        idle.SetResult();
    }
}
