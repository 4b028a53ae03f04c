using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using System.Reflection;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Boundary;

/// <summary>
/// What may cross a grain call: values that never change, so that no two grains share a mutable object, and that a cluster could serialize.
/// The verdict is on the declared types alone, once per type: it takes in every type that a declared one can stand for.
/// </summary>
internal static class CrossingTypes
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<string>> Known = new();

    private static readonly HashSet<Type> Values =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Uri), typeof(Version), typeof(IPAddress), typeof(BigInteger), typeof(Int128), typeof(UInt128), typeof(Half), typeof(GrainId),
    ];

    private static readonly HashSet<Type> ImmutableOf =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
    ];

    /// <summary>What is wrong with the parameters and the result of a method.</summary>
    public static IEnumerable<string> FaultsOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Where(type => type != typeof(CancellationToken)).Append(Result(method.ReturnType))
            .SelectMany(type => FaultsOf(type));

    /// <summary>What is wrong with a type, and with those that it is made of.</summary>
    public static ImmutableArray<string> FaultsOf(Type type)
    {
        if (Known.TryGetValue(type, out var known)) return known;
        var seen = new HashSet<Type>();
        return Known.GetOrAdd(type, [.. Examine(type, seen).Distinct()]);
    }

    private static Type Result(Type returned) =>
        returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask) ? typeof(string)
        : returned.IsGenericType ? returned.GetGenericArguments()[0] : returned;

    private static IEnumerable<string> Examine(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type.IsPrimitive || type.IsEnum || Values.Contains(type) || (type.IsInterface && type.IsAssignableTo(typeof(IAddressable))))
            return [];
        if (type.IsGenericType
            && (ImmutableOf.Contains(type.GetGenericTypeDefinition()) || type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)))
            return type.GetGenericArguments().SelectMany(argument => Examine(argument, seen));
        if (type.IsArray || type.IsInterface || type.IsPointer || type == typeof(object) || IsForeign(type))
            return [$"{Name(type)} may change or cannot be serialized: use an immutable type of ours, a primitive, an immutable "
                + "collection or a grain reference."];
        return SerializableShape.FaultsOf(type).Concat(SerializableShape.Parts(type).SelectMany(part => Examine(part, seen)));
    }

    private static bool IsForeign(Type type) =>
        type.Assembly.GetName().Name is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "mscorlib"
            || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    internal static string Name(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
}
