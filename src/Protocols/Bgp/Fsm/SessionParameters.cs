namespace OrleansLb.Protocols.Bgp;

/// <summary>What two OPENs agreed on.</summary>
public sealed record SessionParameters
{
    /// <summary>What we said in our OPEN.</summary>
    public required OpenMessage Local { get; init; }

    /// <summary>What the peer said in its own.</summary>
    public required OpenMessage Remote { get; init; }

    /// <summary>The peer is of our AS.</summary>
    public required bool IsInternal { get; init; }

    /// <summary>The smaller of both; null when either side wants none.</summary>
    public TimeSpan? HoldTime { get; init; }

    /// <summary>Between two KEEPALIVEs of ours; null when none are sent (RFC 4271 §4.4).</summary>
    public TimeSpan? KeepaliveTime { get; init; }

    /// <summary>How long the peer may take none of what we send; null: for ever (RFC 9687 §3).</summary>
    public TimeSpan? SendHoldTime { get; init; }

    /// <summary>The families that both sides offered.</summary>
    public ValueList<Family> Families { get; init; }

    /// <summary>How our UPDATEs stand on the wire.</summary>
    public required UpdateFormat Send { get; init; }

    /// <summary>How the peer's UPDATEs do.</summary>
    public required UpdateFormat Receive { get; init; }

    /// <summary>Both sides know ROUTE-REFRESH (RFC 2918).</summary>
    public bool RouteRefresh { get; init; }

    /// <summary>Both sides know its brackets, BoRR and EoRR (RFC 7313).</summary>
    public bool EnhancedRouteRefresh { get; init; }

    /// <summary>Both sides keep routes over a NOTIFICATION that is no hard reset (RFC 8538 §2).</summary>
    public bool GracefulNotification { get; init; }

    /// <summary>The peer said that it may restart and keep forwarding (RFC 4724 §3).</summary>
    public bool PeerRestartsGracefully => Remote.Find<Capability.GracefulRestart>() is { Families.Count: > 0 };

    /// <summary>Whether the session carries the family's routes.</summary>
    public bool Has(Family family)
    {
        foreach (var each in Families)
        {
            if (each == family) return true;
        }

        return false;
    }
}
