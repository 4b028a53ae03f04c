namespace OrleansLb.Protocols.Bgp;

/// <summary>What an attribute must look like, and what follows when it does not (RFC 7606 §7 and the RFC that defines it).</summary>
/// <param name="Flags">The Optional and Transitive bits that it must have.</param>
/// <param name="Multiple">Its length is a non-zero multiple of this; 0 when the value itself tells.</param>
/// <param name="Fixed">Its length is exactly <paramref name="Multiple"/>.</param>
/// <param name="InternalOnly">From an external peer it is dropped unread.</param>
internal readonly record struct AttributeRule(AttributeFlags Flags, int Multiple, bool Fixed, FaultAction OnMalformed, bool InternalOnly = false)
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive;
    private const AttributeFlags OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;

    public bool LengthFits(int length) =>
        Fixed ? length == Multiple : Multiple == 0 || (length > 0 && length % Multiple == 0);

    public static AttributeRule? For(AttributeType type, bool fourOctetAs) => type switch
    {
        AttributeType.Origin => new(WellKnown, 1, true, FaultAction.TreatAsWithdraw),
        AttributeType.AsPath => new(WellKnown, 0, false, FaultAction.TreatAsWithdraw),
        AttributeType.NextHop => new(WellKnown, 4, true, FaultAction.TreatAsWithdraw),
        AttributeType.MultiExitDisc => new(AttributeFlags.Optional, 4, true, FaultAction.TreatAsWithdraw),
        AttributeType.LocalPref => new(WellKnown, 4, true, FaultAction.TreatAsWithdraw, InternalOnly: true),
        AttributeType.AtomicAggregate => new(WellKnown, 0, true, FaultAction.AttributeDiscard),
        AttributeType.Aggregator => new(OptionalTransitive, fourOctetAs ? 8 : 6, true, FaultAction.AttributeDiscard),
        AttributeType.Communities => new(OptionalTransitive, Community.Length, false, FaultAction.TreatAsWithdraw),
        AttributeType.OriginatorId => new(AttributeFlags.Optional, 4, true, FaultAction.TreatAsWithdraw, InternalOnly: true),
        AttributeType.ClusterList => new(AttributeFlags.Optional, 4, false, FaultAction.TreatAsWithdraw, InternalOnly: true),
        AttributeType.MpReachNlri => new(AttributeFlags.Optional, 0, false, FaultAction.DisableFamily),
        AttributeType.MpUnreachNlri => new(AttributeFlags.Optional, 0, false, FaultAction.DisableFamily),
        AttributeType.ExtendedCommunities => new(OptionalTransitive, ExtendedCommunity.Length, false, FaultAction.TreatAsWithdraw),
        AttributeType.As4Path => new(OptionalTransitive, 0, false, FaultAction.AttributeDiscard), // RFC 6793 §6
        AttributeType.As4Aggregator => new(OptionalTransitive, 8, true, FaultAction.AttributeDiscard), // RFC 6793 §6
        AttributeType.Ipv6ExtendedCommunities => new(OptionalTransitive, 20, false, FaultAction.TreatAsWithdraw),
        AttributeType.LargeCommunities => new(OptionalTransitive, LargeCommunity.Length, false, FaultAction.TreatAsWithdraw), // RFC 8092 §6
        AttributeType.OnlyToCustomer => new(OptionalTransitive, 4, true, FaultAction.TreatAsWithdraw), // RFC 9234 §5
        _ => null,
    };
}
