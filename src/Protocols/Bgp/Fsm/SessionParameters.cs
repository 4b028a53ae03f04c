namespace OrleansLb.Protocols.Bgp;

/// <summary>What two OPENs agreed on.</summary>
public sealed record SessionParameters
{
    public required OpenMessage Local { get; init; }

    public required OpenMessage Remote { get; init; }

    public required bool IsInternal { get; init; }

    /// <summary>The smaller of both; null when either side wants none.</summary>
    public TimeSpan? HoldTime { get; init; }

    public TimeSpan? KeepaliveTime { get; init; }

    public TimeSpan? SendHoldTime { get; init; }

    public ValueList<Family> Families { get; init; }

    public required UpdateFormat Send { get; init; }

    public required UpdateFormat Receive { get; init; }

    public bool RouteRefresh { get; init; }

    public bool EnhancedRouteRefresh { get; init; }

    /// <summary>Both sides keep routes over a NOTIFICATION that is no hard reset (RFC 8538 §2).</summary>
    public bool GracefulNotification { get; init; }

    /// <summary>The peer said that it may restart and keep forwarding (RFC 4724 §3).</summary>
    public bool PeerRestartsGracefully => Remote.Find<Capability.GracefulRestart>() is { Families.Count: > 0 };

    public bool Has(Family family)
    {
        foreach (var each in Families)
        {
            if (each == family) return true;
        }

        return false;
    }
}
