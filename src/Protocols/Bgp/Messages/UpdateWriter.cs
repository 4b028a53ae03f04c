using System.Buffers.Binary;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Writes UPDATEs, as many routes into each as fit (RFC 4271 §4.3, RFC 4760). Nothing is allocated.</summary>
public static class UpdateWriter
{
    private const int MaxAttributesLength = BgpHeader.MaxLength;
    private const AttributeFlags MultiprotocolFlags = AttributeFlags.Optional | AttributeFlags.ExtendedLength;

    /// <summary>Writes one UPDATE that announces the first of <paramref name="routes"/>; all of them are of <paramref name="family"/>.</summary>
    /// <param name="taken">How many routes it holds: 0, and no message, when the attributes alone do not fit.</param>
    /// <returns>The length of the message.</returns>
    public static int Announce(Span<byte> destination, UpdateFormat format, PathAttributes attributes, ReadOnlySpan<Nlri> routes, out int taken)
    {
        Span<byte> scratch = stackalloc byte[MaxAttributesLength];
        var others = new WireWriter(scratch);
        var family = routes[0].Prefix.Family;
        var classic = family == Family.Ipv4Unicast && attributes.NextHop is { Afi: Afi.Ipv4 };
        AttributeWriter.Write(ref others, attributes, format, withNextHop: classic);
        taken = 0;
        if (others.Overrun) return 0;

        var writer = new WireWriter(destination[..Math.Min(destination.Length, format.MaxLength)]);
        writer.Reserve(BgpHeader.Length);
        writer.UInt16(0);
        taken = classic
            ? AnnounceClassic(ref writer, format, others.Written, routes)
            : AnnounceMultiprotocol(ref writer, format, attributes.NextHop.GetValueOrDefault(), others.Written, routes);
        return taken == 0 ? 0 : Finish(destination, writer.Length);
    }

    /// <summary>Writes one UPDATE that withdraws the first of <paramref name="routes"/>; all of them are of one family.</summary>
    public static int Withdraw(Span<byte> destination, UpdateFormat format, ReadOnlySpan<Nlri> routes, out int taken)
    {
        var writer = new WireWriter(destination[..Math.Min(destination.Length, format.MaxLength)]);
        writer.Reserve(BgpHeader.Length);
        taken = routes[0].Prefix.Afi == Afi.Ipv4 && !format.ExtendedNextHop
            ? WithdrawClassic(ref writer, format, routes)
            : WithdrawMultiprotocol(ref writer, format, routes);
        return Finish(destination, writer.Length);
    }

    /// <summary>Writes the marker that all routes of a family have been sent (RFC 4724 §2).</summary>
    public static int EndOfRib(Span<byte> destination, Family family)
    {
        var writer = new WireWriter(destination);
        writer.Reserve(BgpHeader.Length);
        writer.UInt16(0);
        if (family == Family.Ipv4Unicast)
        {
            writer.UInt16(0);
        }
        else
        {
            writer.UInt16(6);
            AttributeWriter.Head(ref writer, AttributeFlags.Optional, AttributeType.MpUnreachNlri, 3);
            FamilyWire.Write(ref writer, family);
        }

        return Finish(destination, writer.Length);
    }

    private static int AnnounceClassic(ref WireWriter writer, UpdateFormat format, scoped ReadOnlySpan<byte> attributes, ReadOnlySpan<Nlri> routes)
    {
        writer.UInt16((ushort)attributes.Length);
        writer.Bytes(attributes);
        return writer.Overrun ? 0 : Pack(ref writer, routes, format.HasAddPath(Family.Ipv4Unicast), writer.Remaining);
    }

    // MP_REACH_NLRI stands first, so that a receiver finds the routes even when a later attribute is broken (RFC 7606 §5.1).
    private static int AnnounceMultiprotocol(
        ref WireWriter writer, UpdateFormat format, NextHop nextHop, scoped ReadOnlySpan<byte> others, ReadOnlySpan<Nlri> routes)
    {
        var family = routes[0].Prefix.Family;
        var total = writer.Reserve(2);
        var start = writer.Length;
        var length = Open(ref writer, AttributeType.MpReachNlri, family);
        writer.UInt8((byte)nextHop.WireLength);
        nextHop.Write(ref writer);
        writer.UInt8(0);
        if (writer.Overrun) return 0;
        var taken = Pack(ref writer, routes, format.HasAddPath(family), writer.Remaining - others.Length);
        Close(length, writer.Length - start);
        writer.Bytes(others);
        BinaryPrimitives.WriteUInt16BigEndian(total, (ushort)(writer.Length - start));
        return taken;
    }

    private static int WithdrawClassic(ref WireWriter writer, UpdateFormat format, ReadOnlySpan<Nlri> routes)
    {
        var length = writer.Reserve(2);
        var start = writer.Length;
        var taken = Pack(ref writer, routes, format.HasAddPath(Family.Ipv4Unicast), writer.Remaining - 2);
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(writer.Length - start));
        writer.UInt16(0);
        return taken;
    }

    private static int WithdrawMultiprotocol(ref WireWriter writer, UpdateFormat format, ReadOnlySpan<Nlri> routes)
    {
        var family = routes[0].Prefix.Family;
        writer.UInt16(0);
        var total = writer.Reserve(2);
        var start = writer.Length;
        var length = Open(ref writer, AttributeType.MpUnreachNlri, family);
        var taken = Pack(ref writer, routes, format.HasAddPath(family), writer.Remaining);
        Close(length, writer.Length - start);
        BinaryPrimitives.WriteUInt16BigEndian(total, (ushort)(writer.Length - start));
        return taken;
    }

    private static Span<byte> Open(ref WireWriter writer, AttributeType type, Family family)
    {
        writer.UInt8((byte)MultiprotocolFlags);
        writer.UInt8((byte)type);
        var length = writer.Reserve(2);
        FamilyWire.Write(ref writer, family);
        return length;
    }

    private static void Close(Span<byte> length, int attributeLength)
    {
        const int ExtendedHead = 4;
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(attributeLength - ExtendedHead));
    }

    private static int Pack(ref WireWriter writer, ReadOnlySpan<Nlri> routes, bool addPath, int room)
    {
        var taken = 0;
        foreach (ref readonly var route in routes)
        {
            room -= route.WireLength(addPath);
            if (room < 0) break;
            route.Write(ref writer, addPath);
            taken++;
        }

        return taken;
    }

    private static int Finish(Span<byte> destination, int length)
    {
        new BgpHeader(BgpMessageType.Update, length).Write(destination);
        return length;
    }
}
