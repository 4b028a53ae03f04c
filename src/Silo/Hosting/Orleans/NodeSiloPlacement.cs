using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace OrleansLb.Silo.Hosting;

/// <summary>A grain is kept by the silo that bears its key as a name: what it has to say stays on its node.</summary>
internal sealed class NodeSiloPlacement : PlacementStrategy
{
    public static NodeSiloPlacement Instance { get; } = new();

    /// <summary>Puts a node's grain on that node's silo; when that is away, on the oldest.</summary>
    internal sealed class Director(ISiloStatusOracle silos) : IPlacementDirector
    {
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
        {
            var oldestFirst = OldestSilos.ByAge(context.GetCompatibleSilos(target)).ToList();
            var node = target.GrainIdentity.Key.ToString();
            // A silo that was started again may bear the name of one that is not known to be dead yet: the younger is right.
            var own = oldestFirst.FindLast(silo => silos.TryGetSiloName(silo, out var name) && name == node);
            return Task.FromResult(own ?? oldestFirst[0]);
        }
    }
}
