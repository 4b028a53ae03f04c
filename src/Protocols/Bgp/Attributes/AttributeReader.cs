using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Walks the path attributes of one received UPDATE and notes every fault (RFC 7606 §3, §7). What it cannot read it leaves out.</summary>
internal sealed class AttributeReader(UpdateFormat format)
{
    private readonly bool[] _seen = new bool[256];
    private readonly ImmutableArray<UpdateFault>.Builder _faults = ImmutableArray.CreateBuilder<UpdateFault>();
    private readonly ImmutableArray<RawAttribute>.Builder _unknown = ImmutableArray.CreateBuilder<RawAttribute>();
    private PathAttributes _attributes = PathAttributes.None;

    public FamilyCount Reach { get; private set; }

    public FamilyCount Unreach { get; private set; }

    public PathAttributes Attributes => _attributes with { Unknown = new(_unknown.ToImmutable()) };

    public ValueList<UpdateFault> Faults => new(_faults.ToImmutable());

    public void Fault(UpdateMessageError error, FaultAction action, AttributeType? attribute = null, Family? family = null) =>
        _faults.Add(new(error, action, attribute, family));

    // flags (1), type (1), length (1, or 2 with the Extended Length flag), value
    public void ReadAll(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        while (reader.Remaining > 0)
        {
            var flags = (AttributeFlags)reader.UInt8();
            var type = (AttributeType)reader.UInt8();
            var value = reader.Take(flags.HasFlag(AttributeFlags.ExtendedLength) ? reader.UInt16() : reader.UInt8());
            if (reader.Overrun)
            {
                Fault(UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, type); // RFC 7606 §4
                return;
            }

            ReadOne(flags, type, value);
        }
    }

    /// <summary>A route without these cannot be used (RFC 4271 §6.3, RFC 7606 §3 d).</summary>
    public void RequireWellKnown(bool nextHop)
    {
        Require(AttributeType.Origin);
        Require(AttributeType.AsPath);
        if (nextHop) Require(AttributeType.NextHop);
    }

    private void Require(AttributeType type)
    {
        if (!_seen[(byte)type]) Fault(UpdateMessageError.MissingWellKnownAttribute, FaultAction.TreatAsWithdraw, type);
    }

    private void ReadOne(AttributeFlags flags, AttributeType type, ReadOnlySpan<byte> value)
    {
        var multiprotocol = type is AttributeType.MpReachNlri or AttributeType.MpUnreachNlri;
        if (_seen[(byte)type])
        {
            // RFC 7606 §3 g: the first one counts, except that the NLRI of two would be ambiguous.
            Fault(UpdateMessageError.MalformedAttributeList, multiprotocol ? FaultAction.SessionReset : FaultAction.AttributeDiscard, type);
            return;
        }

        _seen[(byte)type] = true;
        if (AttributeRule.For(type, format.FourOctetAs) is { } rule) ReadKnown(rule, flags, type, value);
        else if (flags.HasFlag(AttributeFlags.Optional)) Keep(flags, type, value);
        else Fault(UpdateMessageError.UnrecognizedWellKnownAttribute, FaultAction.TreatAsWithdraw, type);
    }

    private void ReadKnown(AttributeRule rule, AttributeFlags flags, AttributeType type, ReadOnlySpan<byte> value)
    {
        const AttributeFlags Judged = AttributeFlags.Optional | AttributeFlags.Transitive;
        if (rule.InternalOnly && !format.IsInternal) return; // RFC 7606 §7.5, §7.9, §7.10
        if ((flags & Judged) != rule.Flags) Fault(UpdateMessageError.AttributeFlagsError, FaultAction.TreatAsWithdraw, type); // RFC 7606 §3 c
        if (!rule.LengthFits(value.Length)) Fault(UpdateMessageError.AttributeLengthError, rule.OnMalformed, type);
        else if (!TryReadValue(flags, type, value, out var error)) Fault(error, rule.OnMalformed, type);
    }

    private bool TryReadValue(AttributeFlags flags, AttributeType type, ReadOnlySpan<byte> value, out UpdateMessageError error)
    {
        error = UpdateMessageError.OptionalAttributeError;
        switch (type)
        {
            case AttributeType.Origin: return TryReadOrigin(value, out error);
            case AttributeType.AsPath: return TryReadAsPath(value, out error);
            case AttributeType.As4Path: return (_attributes = _attributes with { As4Path = AsPath.Read(value, fourOctets: true) }).As4Path is not null;
            case AttributeType.NextHop: return TryReadNextHop(value, out error);
            case AttributeType.Aggregator: return (_attributes = _attributes with { Aggregator = ReadAggregator(value) }).Aggregator is not null;
            case AttributeType.As4Aggregator: return (_attributes = _attributes with { As4Aggregator = ReadAggregator(value) }).As4Aggregator is not null;
            case AttributeType.MpReachNlri: ReadReach(flags, value); return true;
            case AttributeType.MpUnreachNlri: ReadUnreach(flags, value); return true;
            default: ReadPlain(flags, type, value); return true;
        }
    }

    // Attributes in which every value of the right length is a right value.
    private void ReadPlain(AttributeFlags flags, AttributeType type, ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        switch (type)
        {
            case AttributeType.MultiExitDisc: _attributes = _attributes with { MultiExitDisc = reader.UInt32() }; break;
            case AttributeType.LocalPref: _attributes = _attributes with { LocalPref = reader.UInt32() }; break;
            case AttributeType.AtomicAggregate: _attributes = _attributes with { AtomicAggregate = true }; break;
            case AttributeType.OnlyToCustomer: _attributes = _attributes with { OnlyToCustomer = new Asn(reader.UInt32()) }; break;
            case AttributeType.Communities: _attributes = _attributes with { Communities = CommunityLists.ReadPlain(value) }; break;
            case AttributeType.ExtendedCommunities: _attributes = _attributes with { ExtendedCommunities = CommunityLists.ReadExtended(value) }; break;
            case AttributeType.LargeCommunities: _attributes = _attributes with { LargeCommunities = CommunityLists.ReadLarge(value) }; break;
            default: Keep(flags, type, value); break;
        }
    }

    private bool TryReadOrigin(ReadOnlySpan<byte> value, out UpdateMessageError error)
    {
        error = UpdateMessageError.InvalidOrigin;
        if (value[0] > (byte)Origin.Incomplete) return false;
        _attributes = _attributes with { Origin = (Origin)value[0] };
        return true;
    }

    private bool TryReadAsPath(ReadOnlySpan<byte> value, out UpdateMessageError error)
    {
        error = UpdateMessageError.MalformedAsPath;
        _attributes = _attributes with { AsPath = AsPath.Read(value, format.FourOctetAs) };
        return _attributes.AsPath is not null;
    }

    private bool TryReadNextHop(ReadOnlySpan<byte> value, out UpdateMessageError error)
    {
        error = UpdateMessageError.InvalidNextHop;
        if (!NextHop.TryRead(value, out var nextHop) || !nextHop.IsHostAddress) return false;
        if (_attributes.NextHop is null) _attributes = _attributes with { NextHop = nextHop }; // that of MP_REACH_NLRI stays
        return true;
    }

    private static Aggregator? ReadAggregator(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var asn = new Asn(value.Length == 8 ? reader.UInt32() : reader.UInt16());
        return asn.IsZero ? null : new(asn, new RouterId(reader.UInt32())); // RFC 7607 §2
    }

    // afi (2), safi (1), next hop length (1), next hop, reserved (1), NLRI (RFC 4760 §3)
    private void ReadReach(AttributeFlags flags, ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var family = FamilyWire.Read(ref reader);
        var hop = reader.Take(reader.UInt8());
        reader.UInt8();
        if (reader.Overrun)
        {
            Unreadable(flags, AttributeType.MpReachNlri, value);
            return;
        }

        if (family.MaxPrefixLength == 0) return; // a family that was never negotiated
        if (!NextHop.TryRead(hop, out var nextHop) || (family.Afi == Afi.Ipv6 && nextHop.Afi != Afi.Ipv6))
        {
            Fault(UpdateMessageError.OptionalAttributeError, FaultAction.DisableFamily, AttributeType.MpReachNlri, family); // RFC 7606 §7.11
            return;
        }

        Reach = Count(reader.Rest, family, AttributeType.MpReachNlri);
        _attributes = _attributes with { NextHop = nextHop };
    }

    // afi (2), safi (1), withdrawn NLRI (RFC 4760 §4)
    private void ReadUnreach(AttributeFlags flags, ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var family = FamilyWire.Read(ref reader);
        if (reader.Overrun) Unreadable(flags, AttributeType.MpUnreachNlri, value);
        else if (family.MaxPrefixLength != 0) Unreach = Count(reader.Rest, family, AttributeType.MpUnreachNlri);
    }

    // The peer is shown the attribute, as far as it fits into a NOTIFICATION.
    private void Unreadable(AttributeFlags flags, AttributeType type, ReadOnlySpan<byte> value)
    {
        Span<byte> data = stackalloc byte[Notification.MaxDataLength];
        var writer = new WireWriter(data);
        writer.UInt8((byte)flags);
        writer.UInt8((byte)type);
        if (flags.HasFlag(AttributeFlags.ExtendedLength)) writer.UInt16((ushort)value.Length);
        else writer.UInt8((byte)value.Length);
        writer.Bytes(value[..Math.Min(value.Length, writer.Remaining)]);
        _faults.Add(new(UpdateMessageError.OptionalAttributeError, FaultAction.SessionReset, type, Data: ValueList.Create<byte>(writer.Written)));
    }

    private FamilyCount Count(ReadOnlySpan<byte> nlri, Family family, AttributeType type)
    {
        if (!NlriReader.TryCount(nlri, family.Afi, format.HasAddPath(family), out var count))
            Fault(UpdateMessageError.InvalidNetworkField, FaultAction.DisableFamily, type, family); // RFC 7606 §5.3
        return new(family, count);
    }

    private void Keep(AttributeFlags flags, AttributeType type, ReadOnlySpan<byte> value) =>
        _unknown.Add(new(flags & ~AttributeFlags.ExtendedLength, type, ValueList.Create(value)));
}
