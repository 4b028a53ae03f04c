namespace OrleansLb.Protocols.Bgp;

/// <summary>Writes path attributes in ascending order of type (RFC 4271 §5), all but MP_REACH_NLRI and MP_UNREACH_NLRI.</summary>
internal static class AttributeWriter
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive;
    private const AttributeFlags OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;
    private const int AggregatorLength = 8, TwoOctetAggregatorLength = 6;

    /// <param name="withNextHop">The next hop stands in NEXT_HOP, not in MP_REACH_NLRI.</param>
    public static void Write(ref WireWriter writer, PathAttributes attributes, UpdateFormat format, bool withNextHop)
    {
        WriteMandatory(ref writer, attributes, format, withNextHop);
        WriteNumber(ref writer, AttributeFlags.Optional, AttributeType.MultiExitDisc, attributes.MultiExitDisc);
        WriteNumber(ref writer, WellKnown, AttributeType.LocalPref, attributes.LocalPref);
        if (attributes.AtomicAggregate) Head(ref writer, WellKnown, AttributeType.AtomicAggregate, 0);
        WriteAggregator(ref writer, attributes.Aggregator, format);
        WriteCommunities(ref writer, attributes.Communities);
        WriteExtendedCommunities(ref writer, attributes.ExtendedCommunities);
        if (!format.FourOctetAs) WriteAs4(ref writer, attributes);
        WriteLargeCommunities(ref writer, attributes.LargeCommunities);
        WriteNumber(ref writer, OptionalTransitive, AttributeType.OnlyToCustomer, attributes.OnlyToCustomer?.Value);
        foreach (var raw in attributes.Unknown)
        {
            Head(ref writer, raw.Flags, raw.Type, raw.Value.Count);
            writer.Bytes(raw.Value.AsSpan());
        }
    }

    /// <summary>Flags, type and length; the length takes two octets when it needs them.</summary>
    public static void Head(ref WireWriter writer, AttributeFlags flags, AttributeType type, int length)
    {
        var extended = length > byte.MaxValue;
        writer.UInt8((byte)(flags | (extended ? AttributeFlags.ExtendedLength : AttributeFlags.None)));
        writer.UInt8((byte)type);
        if (extended) writer.UInt16((ushort)length);
        else writer.UInt8((byte)length);
    }

    private static void WriteMandatory(ref WireWriter writer, PathAttributes attributes, UpdateFormat format, bool withNextHop)
    {
        if (attributes.Origin is { } origin)
        {
            Head(ref writer, WellKnown, AttributeType.Origin, 1);
            writer.UInt8((byte)origin);
        }

        if (attributes.AsPath is { } path)
        {
            Head(ref writer, WellKnown, AttributeType.AsPath, path.WireLength(format.FourOctetAs));
            path.Write(ref writer, format.FourOctetAs);
        }

        if (withNextHop && attributes.NextHop is { } nextHop)
        {
            Head(ref writer, WellKnown, AttributeType.NextHop, nextHop.WireLength);
            nextHop.Write(ref writer);
        }
    }

    private static void WriteNumber(ref WireWriter writer, AttributeFlags flags, AttributeType type, uint? value)
    {
        if (value is not { } number) return;
        Head(ref writer, flags, type, sizeof(uint));
        writer.UInt32(number);
    }

    private static void WriteAggregator(ref WireWriter writer, Aggregator? value, UpdateFormat format)
    {
        if (value is not { } aggregator) return;
        Head(ref writer, OptionalTransitive, AttributeType.Aggregator, format.FourOctetAs ? AggregatorLength : TwoOctetAggregatorLength);
        if (format.FourOctetAs) writer.UInt32(aggregator.Asn.Value);
        else writer.UInt16(aggregator.Asn.TwoOctets);
        writer.UInt32(aggregator.RouterId.Value);
    }

    // To a peer of two-octet numbers the real ones go beside AS_TRANS (RFC 6793 §4.2.2).
    private static void WriteAs4(ref WireWriter writer, PathAttributes attributes)
    {
        var path = attributes.As4Path ?? (attributes.AsPath is { NeedsFourOctets: true } own ? own : null);
        if (path is not null)
        {
            Head(ref writer, OptionalTransitive, AttributeType.As4Path, path.WireLength(fourOctets: true));
            path.Write(ref writer, fourOctets: true);
        }

        var aggregator = attributes.As4Aggregator ?? (attributes.Aggregator is { Asn.NeedsFourOctets: true } mine ? mine : null);
        if (aggregator is not { } real) return;
        Head(ref writer, OptionalTransitive, AttributeType.As4Aggregator, AggregatorLength);
        writer.UInt32(real.Asn.Value);
        writer.UInt32(real.RouterId.Value);
    }

    private static void WriteCommunities(ref WireWriter writer, ValueList<Community> communities)
    {
        if (communities.Count == 0) return;
        Head(ref writer, OptionalTransitive, AttributeType.Communities, communities.Count * Community.Length);
        foreach (var community in communities) writer.UInt32(community.Value);
    }

    private static void WriteExtendedCommunities(ref WireWriter writer, ValueList<ExtendedCommunity> communities)
    {
        if (communities.Count == 0) return;
        Head(ref writer, OptionalTransitive, AttributeType.ExtendedCommunities, communities.Count * ExtendedCommunity.Length);
        foreach (var community in communities) writer.UInt64(community.Value);
    }

    private static void WriteLargeCommunities(ref WireWriter writer, ValueList<LargeCommunity> communities)
    {
        if (communities.Count == 0) return;
        Head(ref writer, OptionalTransitive, AttributeType.LargeCommunities, communities.Count * LargeCommunity.Length);
        foreach (var community in communities)
        {
            writer.UInt32(community.GlobalAdministrator);
            writer.UInt32(community.LocalData1);
            writer.UInt32(community.LocalData2);
        }
    }
}
