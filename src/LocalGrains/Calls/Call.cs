using System.Collections.Immutable;
using System.Diagnostics;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>One call of a grain, from the moment it is made until nobody waits for it and nothing runs it.</summary>
internal abstract class Call
{
    private static readonly AsyncLocal<Call?> CurrentCall = new();

    private readonly Activity? _activity;
    private readonly ImmutableDictionary<string, object>? _values;
    private volatile CallState _state;
    private Deadlines? _deadlines;
    private LinkedListNode<(Call Call, long Made)>? _deadline;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _cancelledByCaller;

    /// <summary>A call made by the code that runs now.</summary>
    protected Call(GrainId target, bool hasWaiter)
    {
        Target = target;
        if (ExecutionContext.IsFlowSuppressed()) return; // Cut loose from what runs now.
        Parent = hasWaiter && Current is { State: CallState.Running } current ? current : null;
        _activity = Activity.Current;
        _values = RequestContext.Values;
    }

    /// <summary>A call that nobody made, but that another may have given rise to.</summary>
    protected Call(GrainId target, Call? cause) => (Target, _activity, _values) = (target, cause?._activity, cause?._values);

    /// <summary>The call whose code runs now, wherever its code went.</summary>
    public static Call? Current => CurrentCall.Value;

    public GrainId Target { get; }

    public abstract string MethodName { get; }

    /// <summary>The call that waits for this one.</summary>
    public Call? Parent { get; }

    public CallReceiver? Receiver { get; set; }

    public CallState State
    {
        get => _state;
        set => _state = value;
    }

    public virtual bool AlwaysInterleaves => false;

    public virtual bool IsReadOnly => false;

    /// <summary>Whether its caller waits no longer.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Whether there is no use in starting it: its caller has gone.</summary>
    public virtual bool IsStale => IsAnswered;

    // The calls that this one waits for: a list threaded through them, kept by WaitGraph.
    public Call? FirstChild { get; set; }
    public Call? NextSibling { get; set; }
    public Call? PreviousSibling { get; set; }

    /// <summary>Runs it to its end, in the receiver's turns; never throws.</summary>
    public abstract Task Run(object target);

    /// <summary>Answers with an exception; false if it had been answered.</summary>
    public abstract bool Fail(Exception exception);

    public override string ToString() => $"{Target}.{MethodName}";

    /// <summary>Makes the calling context what the callee sees: this call, its trace and its values, and nothing else of its caller's.</summary>
    public void Enter()
    {
        CurrentCall.Value = this;
        if (_activity is not null) Activity.Current = _activity;
        if (_values is not null) RequestContext.Values = _values;
    }

    /// <summary>Signals the token that the callee was given.</summary>
    public void Cancel() => _cancellation?.Cancel();

    /// <summary>The callee's own token in place of the caller's, which may belong to another grain.</summary>
    internal CancellationToken OwnToken() => (_cancellation = new()).Token;

    internal void WatchFor(CancellationToken callers) => _cancelledByCaller = callers.UnsafeRegister(static (state, token) =>
    {
        var call = (Call)state!;
        if (call.Fail(new OperationCanceledException(token))) call.Receiver?.Cancel(call);
    }, this);

    internal void WatchFor(Deadlines deadlines)
    {
        (_deadlines, _deadline) = (deadlines, deadlines.Add(this));
        if (IsAnswered) Unwatch();
    }

    protected void Unwatch()
    {
        if (_deadline is { } deadline) _deadlines!.Remove(deadline);
        _cancelledByCaller.Unregister();
    }
}
