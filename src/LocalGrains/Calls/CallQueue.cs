using System.Diagnostics.CodeAnalysis;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>The calls at one receiver, running and waiting, and the rule of which may start.</summary>
internal sealed class CallQueue(bool reentrant)
{
    private readonly List<Call> _waiting = [];
    private readonly List<Call> _running = [];
    private volatile Call? _blocker;
    private int _waitingInterleavers;

    /// <summary>The running call that keeps others from starting.</summary>
    public Call? Blocker => _blocker;

    public bool HasWaiting => _waiting.Count > 0;

    public Call? FirstWaiting => HasWaiting ? _waiting[0] : null;

    public bool HasRunning => _running.Count > 0;

    public IReadOnlyList<Call> Running => _running;

    /// <summary>Whether the call that came last is still here.</summary>
    public bool IsWaiting(Call last) => _waiting.Count > 0 && _waiting[^1] == last;

    /// <summary>Whether a call may start beside those that run.</summary>
    public bool MayStart(Call call) =>
        _running.Count == 0 || reentrant || call.AlwaysInterleaves || _blocker is null || (_blocker.IsReadOnly && call.IsReadOnly);

    public void Wait(Call call)
    {
        _waiting.Add(call);
        if (call.AlwaysInterleaves) _waitingInterleavers++;
    }

    public bool Remove(Call call)
    {
        var index = _waiting.IndexOf(call);
        if (index >= 0) RemoveAt(index);
        return index >= 0;
    }

    /// <summary>Takes the first waiting call that may start; those that interleave pass the others.</summary>
    public bool TryTake([NotNullWhen(true)] out Call? call)
    {
        var index = FirstToStart();
        call = index < 0 ? null : _waiting[index];
        if (index >= 0) RemoveAt(index);
        return index >= 0;
    }

    public List<Call> TakeAllWaiting()
    {
        List<Call> all = [.. _waiting];
        _waiting.Clear();
        _waitingInterleavers = 0;
        return all;
    }

    public void Started(Call call)
    {
        _running.Add(call);
        if (!call.AlwaysInterleaves) _blocker ??= call;
    }

    public void Ended(Call call)
    {
        _running.Remove(call);
        if (_blocker == call) _blocker = null;
    }

    /// <summary>Known without a look at each waiting call: there can be thousands.</summary>
    private bool NobodyMayStart => _waiting.Count == 0 || (!reentrant && _waitingInterleavers == 0 && _blocker is { IsReadOnly: false });

    private int FirstToStart()
    {
        for (var index = 0; !NobodyMayStart && index < _waiting.Count; index++)
        {
            if (MayStart(_waiting[index])) return index;
        }
        return -1;
    }

    private void RemoveAt(int index)
    {
        if (_waiting[index].AlwaysInterleaves) _waitingInterleavers--;
        _waiting.RemoveAt(index);
    }
}
