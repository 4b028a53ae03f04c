using System.Collections.Frozen;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains.Activations;

/// <summary>The grain classes of the silo, by name and by the interfaces that they serve.</summary>
internal sealed class GrainClasses
{
    private readonly FrozenDictionary<GrainType, GrainClass> _byName;
    private readonly FrozenDictionary<Type, GrainClass[]> _byInterface;

    public GrainClasses(IEnumerable<Assembly> assemblies)
    {
        var classes = assemblies.Distinct().SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGrainBase)))
            .Select(type => new GrainClass(type)).ToList();
        if (classes.GroupBy(c => c.GrainType).FirstOrDefault(group => group.Skip(1).Any()) is { } twins)
            throw new ArgumentException($"The grain classes {string.Join(" and ", twins.Select(c => c.Type))} would both be named '{twins.Key}'.",
                nameof(assemblies));
        _byName = classes.ToFrozenDictionary(c => c.GrainType);
        foreach (var type in classes.SelectMany(c => c.Type.GetInterfaces()).Where(IsGrainInterface)) GrainInterface.Of(type); // Or throws, at start.
        _byInterface = classes.SelectMany(c => c.Type.GetInterfaces().Where(IsGrainInterface).Select(type => (type, c)))
            .GroupBy(pair => pair.type, pair => pair.c).ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    public GrainClass Of(GrainType name) =>
        _byName.TryGetValue(name, out var known) ? known : throw new ArgumentException($"No grain class is named '{name}'.", nameof(name));

    public GrainClass Serving(Type grainInterface) => _byInterface.GetValueOrDefault(grainInterface) switch
    {
        [var only] => only,
        null => throw new ArgumentException($"No grain class implements {grainInterface}: was its assembly given to AddLocalGrains?", nameof(grainInterface)),
        var several => throw new ArgumentException(
            $"{grainInterface} is ambiguous: {string.Join(" and ", several.Select(c => c.Type))} implement it.", nameof(grainInterface)),
    };

    private static bool IsGrainInterface(Type type) => type.IsAssignableTo(typeof(IGrain)) && type.Assembly != typeof(IGrain).Assembly;
}
