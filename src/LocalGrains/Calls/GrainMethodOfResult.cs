using System.Reflection;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>A method whose answer is a <typeparamref name="TResult"/>.</summary>
internal sealed class GrainMethod<TResult> : GrainMethod
{
    private static readonly Task<TResult> Sent = Task.FromResult(default(TResult)!);
    private readonly Func<Task<TResult>, object?> _wrap;

    public GrainMethod(MethodInfo method) : base(method) => _wrap = method.ReturnType switch
    {
        var type when type == typeof(void) => static _ => null,
        var type when type == typeof(ValueTask) => static answer => new ValueTask(answer),
        var type when type == typeof(ValueTask<TResult>) => static answer => new ValueTask<TResult>(answer),
        _ => static answer => answer,
    };

    public override object? Send(Router router, GrainReference reference, object?[] arguments)
    {
        var call = new MethodCall<TResult>(this, router, reference.GrainId, arguments);
        try
        {
            Send(router, call, arguments);
        }
        catch (Exception exception) when (!IsOneWay)
        {
            call.Fail(exception);
        }
        return _wrap(IsOneWay ? Sent : call.Answer);
    }

    public ValueTask<TResult> Invoke(object target, object?[] arguments) => Invoker.Invoke(target, arguments.AsSpan()) switch
    {
        Task<TResult> task => new(task),
        ValueTask<TResult> task => task,
        Task task => WithoutResult(task),
        ValueTask task => WithoutResult(task),
        _ when IsOneWay => default,
        _ => throw new InvalidOperationException($"{target.GetType()}.{Name} returned null in place of a task."),
    };

    private static async ValueTask<TResult> WithoutResult(Task task)
    {
        await task;
        return default!;
    }

    private static async ValueTask<TResult> WithoutResult(ValueTask task)
    {
        await task;
        return default!;
    }
}
