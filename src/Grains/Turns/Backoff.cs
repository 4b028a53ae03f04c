namespace OrleansLb.Grains.Turns;

/// <summary>How long to wait before the next try: doubled with each failure up to a limit, from the start again after a success.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan limit)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    public TimeSpan Failed()
    {
        var wait = _next;
        _next = _next * 2 < limit ? _next * 2 : limit;
        return wait;
    }

    public void Succeeded() => _next = _first;
}
