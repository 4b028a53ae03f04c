using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>A call of an interface's method, with the answer that its caller awaits.</summary>
internal sealed class MethodCall<TResult>(GrainMethod<TResult> method, Router router, GrainId target, object?[] arguments)
    : Call(target, hasWaiter: !method.IsOneWay)
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Answer => _answer.Task;

    public override string MethodName => method.Name;

    public override bool AlwaysInterleaves => method.AlwaysInterleaves;

    public override bool IsReadOnly => method.IsReadOnly;

    public override bool IsAnswered => _answer.Task.IsCompleted;

    public override bool IsStale => !method.IsOneWay && IsAnswered;

    public override async Task Run(object target)
    {
        try
        {
            var result = await method.Invoke(target, arguments);
            if (router.Faults.LosesAnswer(this, method)) return;
            if (_answer.TrySetResult(result)) Answered();
        }
        catch (Exception exception)
        {
            if (method.IsOneWay) router.Log.OneWayCallFailed(exception, this);
            Fail(exception);
        }
    }

    public override bool Fail(Exception exception)
    {
        if (!_answer.TrySetException(exception)) return false;
        Answered();
        return true;
    }

    private void Answered()
    {
        Unwatch();
        router.Waits.Answered(this);
    }
}
