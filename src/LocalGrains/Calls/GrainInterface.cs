using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Boundary;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>An interface by which grains or observers are called, found fit for it.</summary>
internal sealed class GrainInterface
{
    private static readonly ConcurrentDictionary<Type, GrainInterface> Known = new();
    private readonly FrozenDictionary<MethodInfo, GrainMethod> _methods;

    private GrainInterface(Type type)
    {
        if (!type.IsInterface || !type.IsAssignableTo(typeof(IAddressable)) || type.IsGenericType)
            throw new ArgumentException($"{type} is not the interface of a grain or of an observer.", nameof(type));
        var methods = type.GetInterfaces().Append(type).SelectMany(i => i.GetMethods(BindingFlags.Public | BindingFlags.Instance)).ToList();
        var faults = methods.SelectMany(CrossingTypes.FaultsOf).ToList();
        if (faults.Count > 0) throw new NotSupportedException($"{type} cannot be called across grains:\n  {string.Join("\n  ", faults.Distinct())}");
        Type = type;
        _methods = methods.ToFrozenDictionary(method => method, GrainMethod.Of);
    }

    public Type Type { get; }

    public string Name => Type.Name;

    /// <summary>What references of this interface are copied from: that is much quicker than to make each as a proxy.</summary>
    public GrainReference Blank => field ??= GrainReference.ForNothing(Type);

    public static GrainInterface Of(Type type) => Known.TryGetValue(type, out var known) ? known : Known.GetOrAdd(type, static type => new(type));

    public GrainMethod Method(MethodInfo method) => _methods[method];
}
