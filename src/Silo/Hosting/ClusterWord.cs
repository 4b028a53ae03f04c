namespace OrleansLb.Silo.Hosting;

/// <summary>
/// When this process last asked others of its cluster for a sign that it is still one of them, and got it. A node's grain lives in the node's own process: by
/// itself, its word says nothing about what others have done while that process was frozen or cut off.
/// </summary>
internal sealed class ClusterWord
{
    /// <summary>A process that works alone needs nobody's word.</summary>
    private long _askedAt = long.MaxValue;

    /// <summary>A timestamp of the clock; what is answered to a question of before a standstill says nothing about now.</summary>
    public long AskedAt
    {
        get => Volatile.Read(ref _askedAt);
        set => Volatile.Write(ref _askedAt, value);
    }
}
