using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Announcements;

/// <summary>An address that a node's speaker is to answer for.</summary>
/// <param name="Epoch">Rises with each hand-over of the address; of two holders the one with the higher epoch is right.</param>
/// <param name="Interfaces">Where to answer, as <see cref="InterfaceSelection"/> reads it.</param>
/// <param name="Probe">Nobody has used the address for us yet: ask the segment first whether a stranger has it (RFC 5227 §2.1.1, RFC 4862 §5.4). An address
/// that the speaker announces already is not probed.</param>
/// <param name="Style">How it is announced; null: <see cref="AnnouncementStyle.Plain"/>.</param>
/// <param name="Sharers">The nodes that answer for it, this one among them, where askers are spread over several; else empty.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Assignment")]
public sealed record Assignment(
    [property: Id(0)] Address Address,
    [property: Id(1)] ServiceName Service,
    [property: Id(2)] long Epoch,
    [property: Id(3)] EquatableList<InterfaceSelector> Interfaces,
    [property: Id(4)] bool Probe = false,
    [property: Id(5)] AnnouncementStyle? Style = null,
    [property: Id(6)] EquatableList<NodeName> Sharers = default)
{
    /// <summary>True when the two differ in more than whom they are for and which hand-over they belong to.</summary>
    public bool IsAnnouncedOtherwiseThan(Assignment other) =>
        other is null || Interfaces != other.Interfaces || (Style ?? AnnouncementStyle.Plain) != (other.Style ?? AnnouncementStyle.Plain)
            || Sharers != other.Sharers;
}

/// <summary>One step of a node's plan: what to announce from now on and what to fall silent for.</summary>
/// <param name="From">The plan version that it builds on; null: <paramref name="Announce"/> is the whole plan and all else is withdrawn. Routes are not, unless
/// they are complete: whoever begins may know less of them than the speaker.</param>
/// <param name="Version">The plan version that it leads to; versions of one node only rise.</param>
/// <param name="Bgp">The BGP part of the step; null when there is nothing to change in it, or nothing is known of it yet.</param>
/// <param name="TraceParent">W3C trace context of what caused it, so that one trace spans API event and frame.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PlanChange")]
public sealed record PlanChange(
    [property: Id(0)] NodeName Node,
    [property: Id(1)] long? From,
    [property: Id(2)] long Version,
    [property: Id(3)] EquatableList<Assignment> Announce,
    [property: Id(4)] EquatableList<Address> Withdraw,
    [property: Id(5)] string? TraceParent = null,
    [property: Id(6)] BgpStep? Bgp = null);
