using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OrleansLb.Speaker.Links.Linux.Netfilter;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>An rtnetlink(7) socket: dumps on request, or hears events.</summary>
internal sealed class NetlinkSocket : IDisposable
{
    private const int Raw = 3, CloseOnExec = 0x80000;
    private const int RouteProtocol = 0, NetfilterProtocol = 12;
    private const int SolNetlink = 270, StrictCheck = 12;
    private const int EventBuffer = 1 << 20;
    public const ushort CreateOrReplace = 0x500; // NLM_F_CREATE | NLM_F_REPLACE
    private const ushort RequestAcknowledged = 0x5; // NLM_F_REQUEST | NLM_F_ACK
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const ushort Interrupted = 0x10; // NLM_F_DUMP_INTR
    private const int NoSuchTable = 2; // ENOENT: a namespace with no route has no main table yet
    private const int DatagramLength = 1 << 16;

    private readonly Socket _socket;
    private readonly byte[] _datagram = new byte[DatagramLength];
    private uint _sequence;

    private NetlinkSocket(Socket socket) => _socket = socket;

    public delegate void Visitor(NetlinkMessage message);

    public static NetlinkSocket Open(INetworkScope scope, NetlinkGroups groups) => Open(scope, RouteProtocol, groups);

    /// <summary>A socket for nf_tables and its kin.</summary>
    public static NetlinkSocket OpenNetfilter(INetworkScope scope) => Open(scope, NetfilterProtocol, NetlinkGroups.None);

    private static NetlinkSocket Open(INetworkScope scope, int protocol, NetlinkGroups groups) => new(scope.Run(() =>
    {
        var descriptor = LibC.Socket(NetlinkEndPoint.Family, Raw | CloseOnExec, protocol);
        if (descriptor < 0) throw new LinkException("Cannot open a netlink socket: " + new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        if (groups != NetlinkGroups.None) ReceiveBuffer.Enlarge(socket, EventBuffer); // events that are lost all the same are made good by a new dump
        if (protocol == RouteProtocol) socket.SetRawSocketOption(SolNetlink, StrictCheck, BitConverter.GetBytes(1));
        socket.Bind(new NetlinkEndPoint(groups));
        return socket;
    }));

    /// <summary>Lets the kernel's whole answer to one question pass by the visitor; false when it changed under way and must be asked for again.</summary>
    public bool Dump(NetlinkType question, ReadOnlySpan<byte> header, Visitor visit)
    {
        Span<byte> request = stackalloc byte[NetlinkMessage.HeaderLength + header.Length];
        request.Clear();
        BitConverter.TryWriteBytes(request, request.Length);
        BitConverter.TryWriteBytes(request[4..], (ushort)question);
        BitConverter.TryWriteBytes(request[6..], RequestDump);
        BitConverter.TryWriteBytes(request[8..], ++_sequence);
        header.CopyTo(request[NetlinkMessage.HeaderLength..]);
        _socket.Send(request);
        var consistent = true;
        while (!Visit(_datagram.AsSpan(0, _socket.Receive(_datagram)), visit, ref consistent))
        {
            // until the kernel says that it is done
        }
        return consistent;
    }

    /// <summary>Asks nf_tables for changes that happen together or not at all; returns the errno of the first that it refused, 0 for done.</summary>
    public int Transact(params ReadOnlySpan<NetfilterChange> changes)
    {
        var batch = new NetfilterBatch(_sequence + 1, changes);
        var first = _sequence + 1;
        _sequence = batch.Last;
        _socket.Send(batch.Bytes);
        while (true)
        {
            ReadOnlySpan<byte> answer = _datagram.AsSpan(0, _socket.Receive(_datagram));
            while (NetlinkMessage.TryTake(ref answer, out var message))
            {
                if (message.Type != NetlinkType.Error || message.Sequence < first) continue;
                if (message.Error != 0 || message.Sequence == batch.Acknowledged) return message.Error;
            }
        }
    }

    /// <summary>Asks the kernel for a change; returns its errno, 0 for done.</summary>
    public int Request(NetlinkType change, ReadOnlySpan<byte> body, ushort flags)
    {
        Span<byte> request = stackalloc byte[NetlinkMessage.HeaderLength + body.Length];
        request.Clear();
        BitConverter.TryWriteBytes(request, request.Length);
        BitConverter.TryWriteBytes(request[4..], (ushort)change);
        BitConverter.TryWriteBytes(request[6..], (ushort)(RequestAcknowledged | flags));
        BitConverter.TryWriteBytes(request[8..], ++_sequence);
        body.CopyTo(request[NetlinkMessage.HeaderLength..]);
        _socket.Send(request);
        while (true)
        {
            ReadOnlySpan<byte> answer = _datagram.AsSpan(0, _socket.Receive(_datagram));
            while (NetlinkMessage.TryTake(ref answer, out var message))
            {
                if (message.Sequence == _sequence && message.Type == NetlinkType.Error) return message.Error;
            }
        }
    }

    /// <summary>
    /// Waits for events and lets all that are there pass by the visitor. Events lost to an overrun are not told: they too mean that something changed.
    /// </summary>
    public async ValueTask ReceiveEvents(Visitor visit, CancellationToken cancellation)
    {
        try
        {
            Visit(_datagram.AsSpan(0, await _socket.ReceiveAsync(_datagram, cancellation)), visit);
            while (_socket.Poll(0, SelectMode.SelectRead)) Visit(_datagram.AsSpan(0, _socket.Receive(_datagram)), visit);
        }
        catch (SocketException overrun) when (overrun.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            // the caller reads the tables anew in any case
        }
    }

    public void Dispose() => _socket.Dispose();

    private bool Visit(ReadOnlySpan<byte> datagram, Visitor visit, ref bool consistent)
    {
        while (NetlinkMessage.TryTake(ref datagram, out var message))
        {
            if (message.Sequence != _sequence) continue; // the tail of a dump that was given up
            consistent &= (message.Flags & Interrupted) == 0;
            if (message.Type is NetlinkType.Done or NetlinkType.Error) return message.Error is 0 or NoSuchTable ? true : throw Refused(message.Error);
            visit(message);
        }
        return false;
    }

    private static LinkException Refused(int error) => new("The kernel refused a netlink dump: " + new Win32Exception(error).Message);

    private static void Visit(ReadOnlySpan<byte> datagram, Visitor visit)
    {
        while (NetlinkMessage.TryTake(ref datagram, out var message)) visit(message);
    }
}
