namespace OrleansLb.Grains.Turns;

/// <summary>
/// What a grain must know before it decides anything: read when it is first needed, unless somebody tells it before; read anew after a fault.
/// </summary>
/// <param name="read">Reads it and takes it up.</param>
internal sealed class Recollection(Func<Task> read)
{
    private Task? _reading;

    /// <summary>Done when it is known. Fails while it cannot be read.</summary>
    public Task Known() => _reading is { IsFaulted: false, IsCanceled: false } ? _reading : _reading = read();

    /// <summary>True when nobody has begun to read it: whoever calls takes up what it knows now, and it is known from then on.</summary>
    public bool TryTell()
    {
        if (_reading is not null) return false;
        _reading = Task.CompletedTask;
        return true;
    }
}
