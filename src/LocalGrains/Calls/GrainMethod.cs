using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>A method of a grain's or observer's interface: how to send it and how to run it.</summary>
internal abstract class GrainMethod
{
    private readonly ImmutableArray<int> _addressables;
    private readonly int _token;

    protected GrainMethod(MethodInfo method)
    {
        var parameters = method.GetParameters();
        Name = method.Name;
        InterfaceName = method.DeclaringType!.Name;
        Invoker = MethodInvoker.Create(method);
        IsOneWay = method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void);
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        _token = Array.FindIndex(parameters, p => p.ParameterType == typeof(CancellationToken));
        _addressables = [.. Enumerable.Range(0, parameters.Length).Where(i => parameters[i].ParameterType.IsAssignableTo(typeof(IAddressable)))];
    }

    public string Name { get; }

    public string InterfaceName { get; }

    public bool IsOneWay { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsReadOnly { get; }

    /// <summary>How long its callers wait, if not as long as the silo says.</summary>
    public TimeSpan? Timeout { get; }

    protected MethodInvoker Invoker { get; }

    /// <summary>The description of a method whose calls can be sent.</summary>
    public static GrainMethod Of(MethodInfo method) => method.ReturnType switch
    {
        var type when type == typeof(Task) || type == typeof(ValueTask) || type == typeof(void) => new GrainMethod<Nothing>(method),
        { IsGenericType: true } type when type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>)) =>
            (GrainMethod)Activator.CreateInstance(typeof(GrainMethod<>).MakeGenericType(type.GetGenericArguments()), method)!,
        var type => throw new NotSupportedException($"{method.DeclaringType}.{method.Name} returns {type}; a grain method returns Task or ValueTask."),
    };

    /// <summary>Sends a call and gives what the interface promises to return.</summary>
    public abstract object? Send(Router router, GrainReference reference, object?[] arguments);

    protected void Send(Router router, Call call, object?[] arguments)
    {
        foreach (var index in _addressables)
        {
            if (arguments[index] is IAddressable value and not GrainReference) arguments[index] = value.AsReference(InterfaceOf(value));
        }
        if (_token < 0)
        {
            router.Send(call, this);
            return;
        }
        var callers = (CancellationToken)arguments[_token]!;
        callers.ThrowIfCancellationRequested();
        arguments[_token] = call.OwnToken();
        router.Send(call, this);
        call.WatchFor(callers);
    }

    private static Type InterfaceOf(IAddressable grain) =>
        Array.Find(grain.GetType().GetInterfaces(), type => type.IsAssignableTo(typeof(IGrain)) && type.Assembly != typeof(IGrain).Assembly)
        ?? throw new NotSupportedException($"A {grain.GetType()} was passed to a grain. An observer is passed as a reference made by CreateObjectReference.");
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;
