using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Reads capabilities. One whose value makes no sense stays raw and so is not negotiated, except where a misread would corrupt the session.</summary>
internal static class CapabilityReader
{
    /// <summary>Reads a run of capabilities; false when one of them does not fit, or is one that the session cannot do without and is malformed.</summary>
    public static bool TryReadAll(ReadOnlySpan<byte> bytes, ImmutableArray<Capability>.Builder into)
    {
        var reader = new WireReader(bytes);
        while (reader.Remaining > 0)
        {
            var code = (CapabilityCode)reader.UInt8();
            var value = reader.Take(reader.UInt8());
            if (reader.Overrun || Read(code, value) is not { } capability) return false;
            into.Add(capability);
        }

        return true;
    }

    private static Capability? Read(CapabilityCode code, ReadOnlySpan<byte> value) => code switch
    {
        CapabilityCode.Multiprotocol => Multiprotocol(value),
        CapabilityCode.FourOctetAs => FourOctetAs(value),
        CapabilityCode.Role => value.Length == 1 ? new Capability.Role((BgpRole)value[0]) : null,
        CapabilityCode.RouteRefresh when value.IsEmpty => new Capability.RouteRefresh(),
        CapabilityCode.EnhancedRouteRefresh when value.IsEmpty => new Capability.EnhancedRouteRefresh(),
        CapabilityCode.ExtendedMessage when value.IsEmpty => new Capability.ExtendedMessage(),
        CapabilityCode.ExtendedNextHop when value.Length % 6 == 0 => ExtendedNextHop(value),
        CapabilityCode.GracefulRestart when value.Length >= 2 && (value.Length - 2) % 4 == 0 => GracefulRestart(value),
        CapabilityCode.AddPath when value.Length % 4 == 0 => AddPath(value),
        _ => new Capability.Unknown(code, ValueList.Create(value)),
    };

    private static Capability.Multiprotocol? Multiprotocol(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        return value.Length == 4 ? new(FamilyWire.ReadWithReserved(ref reader)) : null;
    }

    private static Capability.FourOctetAs? FourOctetAs(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        return value.Length == 4 ? new(new Asn(reader.UInt32())) : null;
    }

    private static Capability.ExtendedNextHop ExtendedNextHop(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var families = ImmutableArray.CreateBuilder<ExtendedNextHopFamily>(value.Length / 6);
        while (reader.Remaining > 0)
        {
            families.Add(new(new((Afi)reader.UInt16(), (Safi)reader.UInt16()), (Afi)reader.UInt16()));
        }

        return new(new(families.DrainToImmutable()));
    }

    private static Capability.GracefulRestart GracefulRestart(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var head = reader.UInt16();
        var families = ImmutableArray.CreateBuilder<GracefulFamily>(value.Length / 4);
        while (reader.Remaining > 0) families.Add(new(FamilyWire.Read(ref reader), (reader.UInt8() & 0x80) != 0));
        return new((head & 0x8000) != 0, (head & 0x4000) != 0, (ushort)(head & Capability.GracefulRestart.MaxSeconds), new(families.DrainToImmutable()));
    }

    // An entry whose mode is none of the three is ignored (RFC 7911 §4).
    private static Capability.AddPath AddPath(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var families = ImmutableArray.CreateBuilder<AddPathFamily>(value.Length / 4);
        while (reader.Remaining > 0)
        {
            var entry = new AddPathFamily(FamilyWire.Read(ref reader), (AddPathMode)reader.UInt8());
            if (entry.Mode is AddPathMode.Receive or AddPathMode.Send or AddPathMode.Both) families.Add(entry);
        }

        return new(new(families.DrainToImmutable()));
    }
}
