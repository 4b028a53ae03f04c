using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <summary>Tells nodes what they take over from others. A node that cannot be told is told by the services themselves, a little later.</summary>
internal sealed class Heirs(IGrainFactory grains, TimeProvider time, ILogger logger)
{
    /// <summary>Done when all have been told, or after that time.</summary>
    public Task Tell(IReadOnlyList<Relocation> relocations, TimeSpan patience)
    {
        if (relocations.Count == 0) return Task.CompletedTask;
        var told = Task.WhenAll(relocations.GroupBy(relocation => relocation.Node).Select(heir => Tell(heir.Key, heir)));
        told.Observe(logger, "Telling nodes what they take over");
        return Task.WhenAny(told, Task.Delay(patience, time));
    }

    private Task Tell(NodeName heir, IEnumerable<Relocation> relocations) =>
        grains.Node(heir).TakeOver(relocations.SelectMany(relocation => relocation.Assignments).ToEquatableList(), Activity.Current?.Id);
}
