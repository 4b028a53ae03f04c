using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Election;

namespace OrleansLb.Grains.Nodes;

/// <summary>What a node is to take over from others should they be lost, and what it took over of late.</summary>
/// <param name="spared">How long what was taken over may be unknown to its service.</param>
internal sealed class Bequests(TimeProvider time, TimeSpan spared)
{
    private readonly Dictionary<(ServiceName Service, Address Address), (long Epoch, long At)> _taken = [];
    private EquatableList<Inheritance> _inheritances = [];
    private long _term;

    /// <summary>Takes the word of a directory, unless a later one has spoken.</summary>
    public void Put(long term, EquatableList<Inheritance> inheritances)
    {
        if (term < _term) return;
        (_term, _inheritances) = (term, inheritances);
    }

    /// <summary>That node is lost: what is to be taken over of it now; null when there is nothing, or it was taken already.</summary>
    public Inheritance? Take(NodeName from)
    {
        if (_inheritances.FirstOrDefault(inheritance => inheritance.From == from) is not { } inheritance) return null;
        _inheritances = _inheritances.Where(other => other != inheritance).ToEquatableList();
        Note(inheritance.Assignments);
        return inheritance;
    }

    /// <summary>The node was told to announce these on behalf of their services.</summary>
    public void Note(EquatableList<Assignment> taken)
    {
        foreach (var (known, _) in _taken.Where(known => !IsFresh(known.Value.At)).ToList()) _taken.Remove(known);
        foreach (var assignment in taken) _taken[(assignment.Service, assignment.Address)] = (assignment.Epoch, time.GetTimestamp());
    }

    /// <summary>It was taken over a short while ago: its service may not know yet.</summary>
    public bool IsFresh(Assignment assignment) =>
        _taken.TryGetValue((assignment.Service, assignment.Address), out var taken) && taken.Epoch == assignment.Epoch && IsFresh(taken.At);

    private bool IsFresh(long at) => time.GetElapsedTime(at) < spared;
}
