using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.TypeSystem;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Remembers the names of grain interfaces. Orleans works them out anew from a type's attributes and its full name whenever a grain is asked for: several
/// kilobytes and as much time as the call itself (decision 30).
/// </summary>
internal sealed class KnownInterfaces : IGrainInterfaceTypeProvider
{
    private readonly ConcurrentDictionary<Type, GrainInterfaceType> _names = [];
    private readonly Func<Type, GrainInterfaceType> _resolve;

    /// <param name="converter">Writes a type's name.</param>
    /// <param name="others">Those who name interfaces besides this; they are asked in their order.</param>
    public KnownInterfaces(TypeConverter converter, IEnumerable<IGrainInterfaceTypeProvider> others) =>
        _resolve = new GrainInterfaceTypeResolver(others, converter).GetGrainInterfaceType;

    /// <summary>Of generic interfaces it says nothing: who asks adds their parameters to a name that has none yet.</summary>
    public bool TryGetGrainInterfaceType(Type type, [NotNullWhen(true)] out GrainInterfaceType grainInterfaceType)
    {
        grainInterfaceType = type.IsGenericType ? default : _names.GetOrAdd(type, _resolve);
        return !type.IsGenericType;
    }
}
