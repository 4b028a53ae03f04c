namespace OrleansLb.Grains.Nodes;

/// <summary>How far a node that is to be left has come with its BGP routes.</summary>
internal enum DrainPhase
{
    /// <summary>The node is not to be left.</summary>
    None,

    /// <summary>Routers are asked to avoid its routes (RFC 8326).</summary>
    Avoided,

    /// <summary>Its routes are withdrawn and its sessions closed.</summary>
    Withdrawn,
}

/// <summary>
/// Leads a node that is to be left from one phase to the next. One that is found so at the first look begins at the end: it never announced anything.
/// </summary>
internal sealed class RouteDrain(TimeSpan notice, Action<TimeSpan, Func<Task>> after, Action changed)
{
    private bool _looked;
    private int _drain;

    public DrainPhase Phase { get; private set; }

    /// <summary>What the record says of the node.</summary>
    public DrainPhase Look(bool draining)
    {
        if (!draining) Phase = DrainPhase.None;
        else if (Phase == DrainPhase.None) Begin();
        _looked = true;
        return Phase;
    }

    private void Begin()
    {
        (Phase, _drain) = (_looked ? DrainPhase.Avoided : DrainPhase.Withdrawn, _drain + 1);
        if (Phase == DrainPhase.Withdrawn) return;
        var drain = _drain;
        after(notice, () =>
        {
            if (Phase != DrainPhase.Avoided || drain != _drain) return Task.CompletedTask; // called off meanwhile
            Phase = DrainPhase.Withdrawn;
            changed();
            return Task.CompletedTask;
        });
    }
}
