namespace OrleansLb.Silo.Hosting;

/// <summary>Whether the service has begun to stop its parts.</summary>
internal sealed class Shutdown
{
    private volatile bool _hasBegun;

    public bool HasBegun
    {
        get => _hasBegun;
        set => _hasBegun = value;
    }
}
