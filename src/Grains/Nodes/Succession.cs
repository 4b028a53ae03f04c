using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Grains.Nodes;

/// <summary>
/// Keeps each node told of what it is to take over should another be lost. An heir that is to have something no longer is told so before anybody else is given
/// it: at no time are there two who would announce one address.
/// </summary>
/// <param name="term">Of the directory that speaks.</param>
/// <param name="elect">Has services elect that are announced and that the directory knows nothing of: whatever told it of them was lost.</param>
internal sealed class Succession(IGrainFactory grains, PlacementBook book, Testaments testaments, long term, Action<IEnumerable<ServiceName>> elect,
    TimeProvider time, ILogger logger)
{
    /// <summary>Looks in a row at each of which something had changed, after which it is not waited for any longer.</summary>
    private const int MostRestless = 8;

    /// <summary>Looks after which is tried again what an address that is not proven yet stands in the way of.</summary>
    private const int LooksBeforeRetry = 20;

    /// <summary>What each node may believe; none for a node of which that is not known.</summary>
    private readonly Dictionary<NodeName, EquatableList<Inheritance>> _told = [];
    private (long Book, long View) _seen;

    /// <summary>The situation for which all were told, and until when that is taken to be enough.</summary>
    private ((long Book, long View) Situation, long Looks)? _settled;
    private long _looks;
    private long _restless;

    /// <summary>Draws up all testaments anew when something has changed that matters to them, and has come to rest since the last call.</summary>
    public async Task Look(ClusterView view)
    {
        _looks++;
        var situation = (book.Version, view.Version);
        _restless = situation == _seen ? 0 : _restless + 1;
        _seen = situation;
        if (_restless is > 0 and < MostRestless) return;
        _restless = 0;
        if (_settled is { } settled && settled.Situation == situation && _looks < settled.Looks) return;
        _settled = await Update(view) switch
        {
            true => (situation, long.MaxValue),
            false => (situation, _looks + LooksBeforeRetry),
            null => null,
        };
    }

    /// <summary>False where something could not be given away yet; null when it is to be done again at once.</summary>
    private async Task<bool?> Update(ClusterView view)
    {
        var alive = view.Nodes.Where(node => node is { Alive: true, Draining: false }).Select(node => node.Name).ToList();
        foreach (var gone in _told.Keys.Where(node => !alive.Contains(node)).ToList()) _told.Remove(gone);
        var (wanted, complete) = await Draw(alive, view);
        var taken = await Task.WhenAll(alive.Select(node => Tell(node, _told.TryGetValue(node, out var told) ? Common(told, wanted[node]) : [])));
        if (!taken.All(told => told)) return null;
        var given = await Task.WhenAll(alive.Select(node => Tell(node, wanted[node])));
        return given.All(told => told) ? complete : null;
    }

    private async Task<(Dictionary<NodeName, EquatableList<Inheritance>> Wanted, bool Complete)> Draw(List<NodeName> alive, ClusterView view)
    {
        var proven = await Task.WhenAll(alive.Select(async node => (Node: node, Services: await Ask(node))));
        var drawn = proven.SelectMany(node =>
            testaments.Draw(node.Node, node.Services ?? [], view, time.GetUtcNow()).Select(heir => (From: node.Node, Heir: heir)))
                .ToLookup(drawn => drawn.Heir.Node);
        var wanted = alive.ToDictionary(node => node, node => drawn[node].GroupBy(heir => heir.From, heir => heir.Heir).OrderBy(from => from.Key)
            .Select(from => new Inheritance(from.Key, from.SelectMany(heir => heir.Assignments).ToEquatableList())).ToEquatableList());
        var unknown = proven.SelectMany(node => node.Services ?? []).Select(service => service.Service).Where(service => !book.Knows(service)).ToList();
        elect(unknown);
        return (wanted, unknown.Count == 0 && proven.All(node => node.Services is { } services && book.ServicesOn(node.Node).Count <= services.Count));
    }

    /// <summary>Null when it does not answer.</summary>
    private async Task<EquatableList<LostService>?> Ask(NodeName node)
    {
        try
        {
            return await grains.Node(node).Proven();
        }
        catch (Exception fault)
        {
            logger.HeirsNotTold(node, fault);
            return null;
        }
    }

    /// <summary>False when it may not have heard.</summary>
    private async Task<bool> Tell(NodeName node, EquatableList<Inheritance> inheritances)
    {
        if (_told.TryGetValue(node, out var told) && told == inheritances) return true;
        _told.Remove(node);
        try
        {
            await grains.Node(node).Bequeath(term, inheritances);
            _told[node] = inheritances;
            return true;
        }
        catch (Exception fault)
        {
            logger.HeirsNotTold(node, fault);
            return false;
        }
    }

    private static EquatableList<Inheritance> Common(EquatableList<Inheritance> told, EquatableList<Inheritance> wanted)
    {
        var kept = wanted.SelectMany(inheritance => inheritance.Assignments.Select(assignment => (inheritance.From, assignment))).ToHashSet();
        return told.Select(inheritance =>
            inheritance with { Assignments = inheritance.Assignments.Where(assignment => kept.Contains((inheritance.From, assignment))).ToEquatableList() })
            .Where(inheritance => inheritance.Assignments.Count > 0).ToEquatableList();
    }
}
