namespace OrleansLb.Protocols.Bgp;

/// <summary>What a speaker says in its OPEN that it can do (RFC 5492).</summary>
public abstract record Capability
{
    private protected Capability(CapabilityCode code) => Code = code;

    /// <summary>What stands before the value (IANA "Capability Codes").</summary>
    public CapabilityCode Code { get; }

    /// <summary>Writes the value, without code and length.</summary>
    protected abstract void WriteValue(ref WireWriter writer);

    // code (1), length (1), value
    internal void Write(ref WireWriter writer)
    {
        writer.UInt8((byte)Code);
        var length = writer.Reserve(1);
        var start = writer.Length;
        WriteValue(ref writer);
        if (!writer.Overrun) length[0] = (byte)(writer.Length - start);
    }

    /// <summary>Routes of a family besides classic IPv4 (RFC 4760 §8).</summary>
    public sealed record Multiprotocol(Family Family) : Capability(CapabilityCode.Multiprotocol)
    {
        protected override void WriteValue(ref WireWriter writer) => FamilyWire.WriteWithReserved(ref writer, Family);
    }

    /// <summary>ROUTE-REFRESH is understood (RFC 2918).</summary>
    public sealed record RouteRefresh() : Capability(CapabilityCode.RouteRefresh)
    {
        protected override void WriteValue(ref WireWriter writer) { }
    }

    /// <summary>A refresh is bracketed by BoRR and EoRR (RFC 7313).</summary>
    public sealed record EnhancedRouteRefresh() : Capability(CapabilityCode.EnhancedRouteRefresh)
    {
        protected override void WriteValue(ref WireWriter writer) { }
    }

    /// <summary>Messages of up to 65535 octets are accepted (RFC 8654).</summary>
    public sealed record ExtendedMessage() : Capability(CapabilityCode.ExtendedMessage)
    {
        protected override void WriteValue(ref WireWriter writer) { }
    }

    /// <summary>For these families next hops of another family are accepted (RFC 8950 §4).</summary>
    public sealed record ExtendedNextHop(ValueList<ExtendedNextHopFamily> Families) : Capability(CapabilityCode.ExtendedNextHop)
    {
        protected override void WriteValue(ref WireWriter writer)
        {
            foreach (var family in Families)
            {
                writer.UInt16((ushort)family.Family.Afi);
                writer.UInt16((ushort)family.Family.Safi);
                writer.UInt16((ushort)family.NextHop);
            }
        }
    }

    /// <summary>Keep my routes for a while when I restart (RFC 4724 §3; the N bit is RFC 8538 §2).</summary>
    public sealed record GracefulRestart(bool Restarting, bool Notification, ushort Seconds, ValueList<GracefulFamily> Families)
        : Capability(CapabilityCode.GracefulRestart)
    {
        /// <summary>The longest restart time that its twelve bits can tell, in seconds.</summary>
        public const ushort MaxSeconds = 0x0FFF;

        // R N 0 0 time(12), then per family: afi (2), safi (1), F 0000000
        protected override void WriteValue(ref WireWriter writer)
        {
            writer.UInt16((ushort)((Restarting ? 0x8000 : 0) | (Notification ? 0x4000 : 0) | (Seconds & MaxSeconds)));
            foreach (var family in Families)
            {
                FamilyWire.Write(ref writer, family.Family);
                writer.UInt8(family.ForwardingPreserved ? (byte)0x80 : (byte)0);
            }
        }
    }

    /// <summary>AS numbers have four octets here, and this is mine (RFC 6793 §3).</summary>
    public sealed record FourOctetAs(Asn Asn) : Capability(CapabilityCode.FourOctetAs)
    {
        protected override void WriteValue(ref WireWriter writer) => writer.UInt32(Asn.Value);
    }

    /// <summary>Several paths for one prefix can be received, sent, or both (RFC 7911 §4).</summary>
    public sealed record AddPath(ValueList<AddPathFamily> Families) : Capability(CapabilityCode.AddPath)
    {
        protected override void WriteValue(ref WireWriter writer)
        {
            foreach (var family in Families)
            {
                FamilyWire.Write(ref writer, family.Family);
                writer.UInt8((byte)family.Mode);
            }
        }
    }

    /// <summary>What I am to you (RFC 9234 §4.1).</summary>
    public sealed record Role(BgpRole Value) : Capability(CapabilityCode.Role)
    {
        protected override void WriteValue(ref WireWriter writer) => writer.UInt8((byte)Value);
    }

    /// <summary>A capability that this speaker does not know, or whose value it cannot read, kept as it came.</summary>
    public sealed record Unknown(CapabilityCode RawCode, ValueList<byte> Value) : Capability(RawCode)
    {
        protected override void WriteValue(ref WireWriter writer) => writer.Bytes(Value.AsSpan());
    }
}
