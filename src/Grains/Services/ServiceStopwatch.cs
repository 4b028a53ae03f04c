namespace OrleansLb.Grains.Services;

/// <summary>Measures how long a service waits for its first announcement after something changed.</summary>
internal sealed class ServiceStopwatch
{
    private DateTimeOffset? _changed;
    private DateTimeOffset? _nodesChanged;

    public void Changed(DateTimeOffset at) => _changed ??= at;

    public void NodesChanged(DateTimeOffset at) => _nodesChanged = at;

    /// <summary>The service was moved before it heard of it; if it was announced since, that is measured too.</summary>
    public void Relocated(DateTimeOffset at, DateTimeOffset? announced)
    {
        NodesChanged(at);
        if (announced is { } then) Announced(then);
    }

    /// <summary>An announcement follows the nodes' change if there was one since the last, else the service's own.</summary>
    public void Announced(DateTimeOffset at)
    {
        if (_nodesChanged is { } takeover) GrainsTelemetry.TakenOver(at - takeover);
        else if (_changed is { } changed) GrainsTelemetry.Converged(at - changed);
        Settled();
    }

    /// <summary>Nothing is waited for.</summary>
    public void Settled() => (_changed, _nodesChanged) = (null, null);
}
