using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace OrleansLb.Silo.Hosting;

/// <summary>A grain is kept by the silo that was started first.</summary>
internal sealed class OldestSiloPlacement : PlacementStrategy
{
    public static OldestSiloPlacement Instance { get; } = new();

    internal sealed class Director : IPlacementDirector
    {
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
            Task.FromResult(OldestSilos.ByAge(context.GetCompatibleSilos(target)).First());
    }
}
