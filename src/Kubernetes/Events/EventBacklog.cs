namespace OrleansLb.Kubernetes.Events;

/// <summary>What happened when.</summary>
internal readonly record struct Happening(Occurrence What, DateTimeOffset At);

/// <summary>
/// Events that wait to be written: warnings first, for they tell what is to be done, and each kind in the order in which it happened. It is bounded.
/// </summary>
internal sealed class EventBacklog
{
    /// <summary>A cluster's worth of Services that are all refused something at once.</summary>
    public const int Capacity = 65_536;

    private readonly LinkedList<Happening> _warnings = [];
    private readonly LinkedList<Happening> _others = [];

    public int Count => _warnings.Count + _others.Count;

    /// <summary>False when it is full and something had to go: of a warning's sake the oldest event that is none, else the new one.</summary>
    public bool Add(Happening happening)
    {
        var hasRoom = Count < Capacity;
        if (!hasRoom && happening.What.Warning && _others.Count > 0) _others.RemoveFirst();
        else if (!hasRoom) return false;
        Of(happening).AddLast(happening);
        return hasRoom;
    }

    /// <summary>Takes out what is to be written next; null when there is nothing.</summary>
    public Happening? Next()
    {
        var waiting = _warnings.Count > 0 ? _warnings : _others;
        if (waiting.First is not { } first) return null;
        waiting.RemoveFirst();
        return first.Value;
    }

    /// <summary>It could not be written and is next again.</summary>
    public void PutBack(Happening happening) => Of(happening).AddFirst(happening);

    private LinkedList<Happening> Of(Happening happening) => happening.What.Warning ? _warnings : _others;
}
