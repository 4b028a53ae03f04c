using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Who asked lately for which address, whoever holds it: requests of a segment are heard by all its nodes. Its memory does not grow: of two that fall on one
/// place the later stands. One thread writes, another reads; neither waits, and a row that changes while it is read is passed over.
/// </summary>
public sealed class NeighbourLog<T> where T : struct, IEquatable<T>
{
    private const int Places = 2048; // a power of two

    private readonly Row[] _rows = new Row[Places];
    private volatile bool _isUsed;

    /// <summary>Changes are odd while a row is being written (a sequence lock).</summary>
    private struct Row
    {
        public int Changes;
        public T Target;
        public T Asker;
        public MacAddress Mac;
        public long At;
    }

    /// <summary>Takes note of a request. Allocates nothing.</summary>
    public void Note(T target, T asker, MacAddress mac, long now)
    {
        ref var row = ref _rows[(uint)HashCode.Combine(target, asker) & (Places - 1)];
        _isUsed = true;
        Volatile.Write(ref row.Changes, row.Changes + 1);
        Interlocked.MemoryBarrier();
        (row.Target, row.Asker, row.Mac, row.At) = (target, asker, mac, now);
        Volatile.Write(ref row.Changes, row.Changes + 1);
    }

    /// <summary>Who asked for the address at <paramref name="since"/> or later, the latest first, no more than <paramref name="most"/>.</summary>
    public IReadOnlyList<(T Asker, MacAddress Mac)> AskersOf(T target, long since, int most)
    {
        if (!_isUsed) return [];
        var found = new List<(T Asker, MacAddress Mac, long At)>();
        for (var place = 0; place < Places; place++)
        {
            if (Volatile.Read(ref _rows[place].Changes) == 0) continue;
            if (TryRead(ref _rows[place], out var row) && row.At >= since && row.Target.Equals(target)) found.Add((row.Asker, row.Mac, row.At));
        }
        return [.. found.OrderByDescending(asked => asked.At).Take(most).Select(asked => (asked.Asker, asked.Mac))];
    }

    /// <summary>The addresses that somebody asked for at <paramref name="since"/> or later.</summary>
    public IReadOnlySet<T> AskedSince(long since)
    {
        var found = new HashSet<T>();
        for (var place = 0; place < Places; place++)
        {
            if (Volatile.Read(ref _rows[place].Changes) != 0 && TryRead(ref _rows[place], out var row) && row.At >= since) found.Add(row.Target);
        }
        return found;
    }

    private static bool TryRead(ref Row place, out Row row)
    {
        var before = Volatile.Read(ref place.Changes);
        row = place;
        Interlocked.MemoryBarrier();
        return before % 2 == 0 && Volatile.Read(ref place.Changes) == before;
    }
}
