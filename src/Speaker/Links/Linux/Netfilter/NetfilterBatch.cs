using System.Buffers.Binary;
using OrleansLb.Speaker.Links.Linux.Netlink;

namespace OrleansLb.Speaker.Links.Linux.Netfilter;

/// <summary>Changes of nf_tables that the kernel makes together or not at all (nfnetlink's batch), as one datagram.</summary>
internal sealed class NetfilterBatch
{
    // struct nlmsghdr: 0 length  4 type  6 flags  8 sequence  12 port; then struct nfgenmsg: 0 family  1 version  2 resource, in network byte order
    private const int GenericHeader = 4;
    private const ushort Begin = 0x10, End = 0x11, Subsystem = 10;
    private const ushort Request = 0x1, Acknowledge = 0x4;
    private const byte NetdevFamily = 5;

    private readonly List<byte> _bytes = [];
    private uint _sequence;

    /// <param name="first">The number of the batch's first message.</param>
    /// <param name="changes">One change or more; the last one is acknowledged.</param>
    public NetfilterBatch(uint first, params ReadOnlySpan<NetfilterChange> changes)
    {
        _sequence = first;
        Append(Begin, Request, 0, Subsystem, []);
        for (var index = 0; index < changes.Length; index++)
        {
            var flags = (ushort)(Request | changes[index].Flags | (index == changes.Length - 1 ? Acknowledge : 0));
            Append((ushort)((Subsystem << 8) | (ushort)changes[index].Type), flags, NetdevFamily, 0, changes[index].Body);
        }
        Acknowledged = _sequence - 1;
        Append(End, Request, 0, Subsystem, []);
    }

    public byte[] Bytes => [.. _bytes];

    /// <summary>The number of the message whose acknowledgement ends the transaction.</summary>
    public uint Acknowledged { get; }

    /// <summary>The number of the batch's last message.</summary>
    public uint Last => _sequence - 1;

    private void Append(ushort type, ushort flags, byte family, ushort resource, ReadOnlySpan<byte> body)
    {
        var message = new byte[NetlinkAttribute.Align(NetlinkMessage.HeaderLength + GenericHeader + body.Length)];
        BitConverter.TryWriteBytes(message, NetlinkMessage.HeaderLength + GenericHeader + body.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), type);
        BitConverter.TryWriteBytes(message.AsSpan(6), flags);
        BitConverter.TryWriteBytes(message.AsSpan(8), _sequence++);
        message[NetlinkMessage.HeaderLength] = family;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(NetlinkMessage.HeaderLength + 2), resource);
        body.CopyTo(message.AsSpan(NetlinkMessage.HeaderLength + GenericHeader));
        _bytes.AddRange(message);
    }
}
