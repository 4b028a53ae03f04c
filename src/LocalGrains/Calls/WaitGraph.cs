using System.Text;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>
/// Which running call waits for which: a call waits for every call it has made and not been answered, and a call that cannot start waits for
/// the one that keeps its receiver busy. A ring in that graph is a deadlock; it is closed by a call that has to wait, and found there.
/// </summary>
/// <remarks>One lock, taken only by calls made from calls: a ring spans activations, so no one activation's turn can look for it.</remarks>
internal sealed class WaitGraph
{
    private readonly Lock _gate = new();

    public void Made(Call call)
    {
        if (call.Parent is not { } parent) return;
        lock (_gate)
        {
            call.NextSibling = parent.FirstChild;
            if (parent.FirstChild is { } first) first.PreviousSibling = call;
            parent.FirstChild = call;
        }
    }

    public void Answered(Call call)
    {
        if (call.Parent is not { } parent) return;
        lock (_gate)
        {
            if (call.PreviousSibling is { } previous) previous.NextSibling = call.NextSibling;
            else if (parent.FirstChild == call) parent.FirstChild = call.NextSibling;
            if (call.NextSibling is { } next) next.PreviousSibling = call.PreviousSibling;
            (call.NextSibling, call.PreviousSibling) = (null, null);
        }
    }

    /// <summary>Notes that a call waits behind <paramref name="blocker"/>; the chain of calls if that can never end, else null.</summary>
    public string? Waits(Call call, Call? blocker)
    {
        lock (_gate)
        {
            call.State = CallState.Waiting;
            if (blocker is null || call.Parent is null) return null;
            var waiters = new List<Call>(Waiters(call));
            var path = new List<Call>();
            return LeadsTo(blocker, waiters, path, []) is { } closing ? Describe(call, waiters, closing, blocker, path) : null;
        }
    }

    /// <summary>The running calls that wait for this one, nearest first.</summary>
    private static IEnumerable<Call> Waiters(Call call)
    {
        for (; call is { IsAnswered: false, Parent: { State: CallState.Running } parent }; call = parent) yield return parent;
    }

    private static Call? LeadsTo(Call from, List<Call> waiters, List<Call> path, HashSet<Call> seen)
    {
        if (waiters.Contains(from)) return from;
        if (!seen.Add(from)) return null;
        for (var child = from.FirstChild; child is not null; child = child.NextSibling)
        {
            path.Add(child);
            if (WhatKeeps(child) is { } next && LeadsTo(next, waiters, path, seen) is { } closing) return closing;
            path.RemoveAt(path.Count - 1);
        }
        return null;
    }

    private static Call? WhatKeeps(Call call) => call.State switch
    {
        CallState.Running => call,
        CallState.Waiting => call.Receiver?.Blocker,
        _ => null,
    };

    private static string Describe(Call call, List<Call> waiters, Call closing, Call blocker, List<Call> path)
    {
        var text = new StringBuilder();
        for (var i = waiters.IndexOf(closing); i >= 0; i--) text.Append(waiters[i]).Append(" -> ");
        text.Append(call);
        if (closing == blocker) return text.ToString();
        text.Append(", which waits behind ").Append(blocker);
        foreach (var step in path) text.Append(" -> ").Append(step);
        return text.Append(", which waits behind ").Append(closing).ToString();
    }
}
