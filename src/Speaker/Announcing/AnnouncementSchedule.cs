namespace OrleansLb.Speaker.Announcing;

/// <summary>When each address is due to be told again. Time is what the caller says it is.</summary>
internal sealed class AnnouncementSchedule<T>(AnnouncementOptions options) where T : notnull
{
    private readonly Dictionary<T, Turn> _turns = [];

    /// <summary>Told for the first time: nobody knows the way to these yet, so they go before every repetition.</summary>
    private readonly Queue<Turn> _first = new();
    private readonly PriorityQueue<Turn, (TimeSpan Due, long Order)> _repeats = new();
    private TimeSpan _nextBurst = TimeSpan.MinValue;
    private long _order;

    /// <summary>
    /// How often an address was told, and when it is next; a new one for each start, so that what is left of an older start is known as stale.
    /// </summary>
    private sealed class Turn(T key, TimeSpan due)
    {
        public T Key => key;

        public TimeSpan Due { get; set; } = due;

        public int Told { get; set; }
    }

    /// <summary>When <see cref="TakeDue"/> has something to give; null when nothing is planned.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (_first.TryPeek(out var turn) && !IsCurrent(turn)) _first.Dequeue();
            while (_repeats.TryPeek(out var turn, out _) && !IsCurrent(turn)) _repeats.Dequeue();
            return _first.TryPeek(out var first) ? NotBeforeBurst(first.Due)
                : _repeats.TryPeek(out var repeat, out _) ? NotBeforeBurst(repeat.Due)
                : null;
        }
    }

    /// <summary>The pause after the <paramref name="told"/>th announcement; null: it was the last.</summary>
    public static TimeSpan? PauseAfter(int told, AnnouncementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return told * options.Interval <= options.Duration ? options.Interval : options.Refresh;
    }

    /// <summary>Plans the address anew, the first time for now.</summary>
    public void Start(T key, TimeSpan now) => _first.Enqueue(_turns[key] = new(key, now));

    public void Stop(T key) => _turns.Remove(key);

    /// <summary>The addresses to tell now, no more than one burst; each is planned again.</summary>
    public IReadOnlyList<T> TakeDue(TimeSpan now)
    {
        var due = new List<T>();
        while (due.Count < options.Burst && NextDue <= now)
        {
            var turn = _first.Count > 0 ? _first.Dequeue() : _repeats.Dequeue();
            due.Add(turn.Key);
            if (PauseAfter(++turn.Told, options) is not { } pause) continue;
            turn.Due = now + pause;
            _repeats.Enqueue(turn, (turn.Due, _order++));
        }
        if (due.Count == options.Burst) _nextBurst = now + options.BurstGap;
        return due;
    }

    private TimeSpan NotBeforeBurst(TimeSpan due) => due > _nextBurst ? due : _nextBurst;

    private bool IsCurrent(Turn turn) => _turns.TryGetValue(turn.Key, out var current) && current == turn;
}
