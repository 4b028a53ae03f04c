using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Election;

namespace OrleansLb.Grains.Nodes;

/// <summary>What a node is to take over from others should they be lost, and what it took over of late.</summary>
internal sealed class Bequests(TimeProvider time)
{
    private readonly Dictionary<Address, (long Epoch, long At)> _taken = [];
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
        foreach (var assignment in inheritance.Assignments) _taken[assignment.Address] = (assignment.Epoch, time.GetTimestamp());
        return inheritance;
    }

    /// <summary>It was taken over within that time: its service may not know yet.</summary>
    public bool IsFresh(Assignment assignment, TimeSpan within)
    {
        foreach (var (address, _) in _taken.Where(taken => time.GetElapsedTime(taken.Value.At) >= within).ToList()) _taken.Remove(address);
        return _taken.TryGetValue(assignment.Address, out var fresh) && fresh.Epoch == assignment.Epoch;
    }
}
