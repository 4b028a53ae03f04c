using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansLb.Grains;

namespace OrleansLb.Simulation.Tests;

/// <summary>Our grains are kept by silos that may die.</summary>
internal sealed class Mortal : PlacementStrategy
{
    /// <summary>How these silos are called.</summary>
    public const string Name = "mortal";

    private static readonly Mortal Instance = new();

    internal sealed class Director(ISiloStatusOracle silos) : IPlacementDirector
    {
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
        {
            var mortals = context.GetCompatibleSilos(target).Where(silo => silos.TryGetSiloName(silo, out var name) && name == Name).Order().ToList();
            return mortals.Count > 0
                ? Task.FromResult(mortals[(int)(target.GrainIdentity.GetUniformHashCode() % mortals.Count)])
                : throw new SiloUnavailableException("No silo that keeps grains has come back yet.");
        }
    }

    internal sealed class Resolver(GrainTypeResolver types) : IPlacementStrategyResolver
    {
        private readonly HashSet<GrainType> _ours =
            [.. typeof(GrainKeys).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(Grain)))
                .Select(types.GetGrainType)];

        public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out PlacementStrategy? result)
        {
            result = _ours.Contains(grainType) ? Instance : null;
            return result is not null;
        }
    }
}
