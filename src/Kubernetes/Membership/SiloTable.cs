using OrleansLb.Core;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>The table of silos as one read saw it. A change makes the table that is to be written in its place, or null when it has lost its race.</summary>
/// <param name="Etag">The resourceVersion of the object that holds it.</param>
public sealed record SiloTable(int Version, string Etag, EquatableList<SiloRow> Rows)
{
    public SiloRow? Find(string address) => Rows.FirstOrDefault(row => row.Address == address);

    /// <summary>Null when the silo has a row, or the table is no longer the one that the caller read.</summary>
    public SiloTable? Insert(SiloRow row, int version, string etag)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (etag != Etag || Find(row.Address) is not null) return null;
        return this with { Version = version, Rows = [.. Rows, row with { Revision = 1 }] };
    }

    /// <summary>Null when the silo has no row, or row or table are no longer those that the caller read.</summary>
    public SiloTable? Update(SiloRow row, long revision, int version, string etag)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (etag != Etag || Find(row.Address)?.Revision != revision) return null;
        var next = row with { Revision = revision + 1 };
        return this with { Version = version, Rows = Rows.Select(other => other.Address == row.Address ? next : other).ToEquatableList() };
    }

    /// <summary>The table without rows that nobody needs any more; null when it has none of them.</summary>
    public SiloTable? Without(Func<SiloRow, bool> isDefunct)
    {
        var kept = Rows.Where(row => !isDefunct(row)).ToEquatableList();
        return kept.Count == Rows.Count ? null : this with { Rows = kept };
    }

    /// <summary>The table with what the silos said since: the later of a row's own time and its heartbeat.</summary>
    public SiloTable With(IReadOnlyDictionary<string, DateTimeOffset> heartbeats)
    {
        ArgumentNullException.ThrowIfNull(heartbeats);
        return this with { Rows = Rows.Select(row =>
            heartbeats.TryGetValue(row.Address, out var beat) && beat > row.AliveTime.Value ? row with { AliveTime = new(beat) } : row).ToEquatableList() };
    }
}
