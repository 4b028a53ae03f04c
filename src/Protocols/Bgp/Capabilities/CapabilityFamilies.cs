namespace OrleansLb.Protocols.Bgp;

/// <summary>A family and whether its forwarding state outlived the restart (the F bit, RFC 4724 §3).</summary>
public readonly record struct GracefulFamily(Family Family, bool ForwardingPreserved);

/// <summary>A family and the family of the next hops that it may have (RFC 8950 §4).</summary>
public readonly record struct ExtendedNextHopFamily(Family Family, Afi NextHop);

/// <summary>Which way additional paths may go (RFC 7911 §4).</summary>
public enum AddPathMode : byte
{
    Receive = 1,
    Send = 2,
    Both = 3,
}

/// <summary>A family and which way its additional paths may go (RFC 7911 §4).</summary>
public readonly record struct AddPathFamily(Family Family, AddPathMode Mode)
{
    /// <summary>Several paths are taken.</summary>
    public bool CanReceive => Mode is AddPathMode.Receive or AddPathMode.Both;

    /// <summary>Several paths are sent.</summary>
    public bool CanSend => Mode is AddPathMode.Send or AddPathMode.Both;
}

/// <summary>The two forms in which a family stands on the wire.</summary>
internal static class FamilyWire
{
    // afi (2), safi (1)
    public static void Write(ref WireWriter writer, Family family)
    {
        writer.UInt16((ushort)family.Afi);
        writer.UInt8((byte)family.Safi);
    }

    public static Family Read(ref WireReader reader) => new((Afi)reader.UInt16(), (Safi)reader.UInt8());

    // afi (2), reserved (1), safi (1)
    public static void WriteWithReserved(ref WireWriter writer, Family family)
    {
        writer.UInt16((ushort)family.Afi);
        writer.UInt8(0);
        writer.UInt8((byte)family.Safi);
    }

    public static Family ReadWithReserved(ref WireReader reader)
    {
        var afi = (Afi)reader.UInt16();
        reader.UInt8();
        return new(afi, (Safi)reader.UInt8());
    }
}
