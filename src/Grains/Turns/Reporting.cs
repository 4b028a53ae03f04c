namespace OrleansLb.Grains.Turns;

/// <summary>
/// Tells the record of a grain's state at intervals, and only when the state has changed since: many changes become one write. While
/// telling fails it is tried again, later each time.
/// </summary>
/// <param name="revision">Differs when the state does.</param>
/// <param name="tell">True when all was told; false when more is to be told at the next turn.</param>
internal sealed class Reporting(Func<long> revision, Func<Task<bool>> tell, Backoff backoff, TimeProvider time, Action<Exception> failed)
{
    private long? _told;
    private bool _busy;
    private DateTimeOffset _notBefore;

    /// <summary>One turn of the timer.</summary>
    public async Task Turn()
    {
        var now = revision();
        if (_busy || now == _told || time.GetUtcNow() < _notBefore) return;
        _busy = true;
        try
        {
            if (await tell()) _told = now;
            backoff.Succeeded();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            failed(fault);
            _notBefore = time.GetUtcNow() + backoff.Failed();
        }
        finally
        {
            _busy = false;
        }
    }
}
