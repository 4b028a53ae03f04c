using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Activations;

/// <summary>A grain class: its name and how its instances behave.</summary>
internal sealed class GrainClass
{
    private const string Suffix = "grain";
    private readonly ObjectFactory _factory;

    public GrainClass(Type type)
    {
        Type = type;
        var name = type.Name.ToLowerInvariant();
        GrainType = new(name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        IsKeptAlive = type.IsDefined(typeof(KeepAliveAttribute), inherit: true);
        _factory = ActivatorUtilities.CreateFactory(type, []);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>Whether it stays for however long nobody calls.</summary>
    public bool IsKeptAlive { get; }

    public IGrainBase Create(IServiceProvider services) => (IGrainBase)_factory(services, null);
}
