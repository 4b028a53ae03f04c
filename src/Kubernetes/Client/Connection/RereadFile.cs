namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>What a file held when it was last read, at most <see cref="Lifetime"/> ago; the old value stands while the file cannot be read.</summary>
/// <param name="path">The file, or what it is called in faults.</param>
/// <param name="read">Reads it; is given what it last held, null at first.</param>
internal sealed class RereadFile<T>(string path, Func<T?, T> read, TimeProvider time)
    where T : class
{
    /// <summary>The kubelet refreshes a projected token at 80 % of its life, so a minute is early enough.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private volatile Reading? _last;

    public T Value
    {
        get
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < Lifetime) return last.Value;
            return Read();
        }
    }

    /// <summary>Makes the next use read the file again.</summary>
    public void Forget()
    {
        if (_last is { } last) _last = last with { At = time.GetTimestamp() - (long)(Lifetime.TotalSeconds * time.TimestampFrequency) };
    }

    private T Read()
    {
        try
        {
            var value = read(_last?.Value);
            _last = new Reading(value, time.GetTimestamp());
            return value;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ConnectionException)
        {
            if (_last is not { } last) throw new ConnectionException($"{path} cannot be used: {fault.Message}", fault);
            _last = last with { At = time.GetTimestamp() };
            return last.Value;
        }
    }

    private sealed record Reading(T Value, long At);
}
