namespace OrleansLb.Protocols.Bgp;

/// <summary>What is left of a received UPDATE: this speaker only announces, so routes are checked and counted, not kept.</summary>
/// <param name="Announced">Reachable routes, IPv4 of the classic field and whatever MP_REACH_NLRI had.</param>
/// <param name="EndOfRib">The family whose initial routes are now all there (RFC 4724 §2).</param>
/// <param name="Notification">Set when the session cannot go on.</param>
public sealed record ReceivedUpdate(
    PathAttributes Attributes, int Announced, int Withdrawn, ValueList<UpdateFault> Faults, Family? EndOfRib, Notification? Notification)
{
    /// <summary>The gravest action that the faults ask for; null when there is none.</summary>
    public FaultAction? Action => Faults.Count == 0 ? null : Faults.Max(fault => fault.Action);
}
