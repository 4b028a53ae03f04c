namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>One netlink message (netlink(7)), in the byte order of this machine as everything in netlink is.</summary>
internal readonly ref struct NetlinkMessage
{
    // 0 length, header included  4 type  6 flags  8 sequence  12 port
    public const int HeaderLength = 16;

    private NetlinkMessage(ReadOnlySpan<byte> bytes)
    {
        Type = (NetlinkType)BitConverter.ToUInt16(bytes[4..]);
        Flags = BitConverter.ToUInt16(bytes[6..]);
        Sequence = BitConverter.ToUInt32(bytes[8..]);
        Payload = bytes[HeaderLength..];
    }

    public NetlinkType Type { get; }

    public ushort Flags { get; }

    public uint Sequence { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The error that an answer carries as its payload, positive as errno has it; 0 for none.</summary>
    public int Error => Payload.Length >= 4 ? -BitConverter.ToInt32(Payload) : 0;

    /// <summary>Takes the next message off a datagram; false at its end, or at what is no message.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> datagram, out NetlinkMessage message)
    {
        message = default;
        if (datagram.Length < HeaderLength) return false;
        var length = BitConverter.ToUInt32(datagram);
        if (length < HeaderLength || length > datagram.Length) return false;
        message = new(datagram[..(int)length]);
        datagram = datagram[Math.Min(NetlinkAttribute.Align((int)length), datagram.Length)..];
        return true;
    }
}
