namespace OrleansLb.LocalGrains.Calls;

/// <summary>
/// The calls whose callers wait for so long and no longer, in the order in which they were made. One timer looks after
/// all of them: most are answered long before.
/// </summary>
internal sealed class Deadlines
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(Call Call, long Made)> _waiting = [];
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _armed;

    public Deadlines(TimeSpan timeout, TimeProvider time)
    {
        (_timeout, _time) = (timeout, time);
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(static deadlines => ((Deadlines)deadlines!).FailLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The call is waited for from now on.</summary>
    public LinkedListNode<(Call Call, long Made)> Add(Call call)
    {
        lock (_gate)
        {
            var node = _waiting.AddLast((call, _time.GetTimestamp()));
            if (!_armed) Arm(_timeout);
            return node;
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Remove(LinkedListNode<(Call Call, long Made)> node)
    {
        lock (_gate)
        {
            if (node.List is not null) _waiting.Remove(node);
        }
    }

    private void FailLate()
    {
        foreach (var call in TakeLate()) call.Fail(new TimeoutException($"{call} did not answer within {_timeout}."));
    }

    private List<Call> TakeLate()
    {
        List<Call> late = [];
        lock (_gate)
        {
            _armed = false;
            while (_waiting.First is { } first)
            {
                var left = _timeout - _time.GetElapsedTime(first.Value.Made);
                if (left > TimeSpan.Zero)
                {
                    Arm(left);
                    break;
                }
                late.Add(first.Value.Call);
                _waiting.RemoveFirst();
            }
        }
        return late;
    }

    /// <summary>A timer counts whole milliseconds, and must not come too early.</summary>
    private void Arm(TimeSpan due)
    {
        _armed = true;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
