namespace OrleansLb.Speaker.Announcing;

/// <summary>When each address is due to be told again. Time is what the caller says it is.</summary>
internal sealed class AnnouncementSchedule<T>(AnnouncementOptions options) where T : notnull
{
    private readonly Dictionary<T, Turn> _turns = [];
    private readonly PriorityQueue<(T Key, Turn Turn), (TimeSpan Due, long Order)> _queue = new();
    private TimeSpan _nextBurst = TimeSpan.MinValue;
    private long _order;

    /// <summary>How often an address was told; a new one for each start, so that what is left of an older start is known as stale.</summary>
    private sealed class Turn
    {
        public int Told { get; set; }
    }

    /// <summary>When <see cref="TakeDue"/> has something to give; null when nothing is planned.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (_queue.TryPeek(out var next, out var at))
            {
                if (IsCurrent(next.Key, next.Turn)) return at.Due > _nextBurst ? at.Due : _nextBurst;
                _queue.Dequeue();
            }
            return null;
        }
    }

    /// <summary>The pause after the <paramref name="told"/>th announcement; null: it was the last.</summary>
    public static TimeSpan? PauseAfter(int told, AnnouncementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return told * options.Interval <= options.Duration ? options.Interval : options.Refresh;
    }

    /// <summary>Plans the address anew, the first time for now.</summary>
    public void Start(T key, TimeSpan now) => Plan(key, _turns[key] = new(), now);

    public void Stop(T key) => _turns.Remove(key);

    /// <summary>The addresses to tell now, the longest due first, no more than one burst; each is planned again.</summary>
    public IReadOnlyList<T> TakeDue(TimeSpan now)
    {
        var due = new List<T>();
        while (due.Count < options.Burst && NextDue <= now)
        {
            var (key, turn) = _queue.Dequeue();
            due.Add(key);
            if (PauseAfter(++turn.Told, options) is { } pause) Plan(key, turn, now + pause);
        }
        if (due.Count == options.Burst) _nextBurst = now + options.BurstGap;
        return due;
    }

    private void Plan(T key, Turn turn, TimeSpan at) => _queue.Enqueue((key, turn), (at, _order++));

    private bool IsCurrent(T key, Turn turn) => _turns.TryGetValue(key, out var current) && current == turn;
}
