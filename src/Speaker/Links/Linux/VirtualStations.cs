using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links.Linux.Netfilter;
using OrleansLb.Speaker.Links.Linux.Netlink;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>
/// More station addresses for one interface. The card lets their frames in by a membership of the packet socket, and a table of nf_tables tells the kernel that
/// they are for this host. Both end with their sockets, so that a process that dies leaves nothing behind.
/// </summary>
internal sealed class VirtualStations(INetworkScope scope, LinkDevice device, Socket link) : IDisposable
{
    private const int AddMembership = 1, DropMembership = 2;
    private const short Unicast = 3; // PACKET_MR_UNICAST

    /// <summary>Their parent sorts frames by hardware address, and knows one for each.</summary>
    private static readonly string[] Children = ["macvlan", "macvtap", "ipvlan", "ipvtap"];
    private static int _tables;

    private readonly Dictionary<MacAddress, int> _holders = [];
    private readonly string _table = string.Create(CultureInfo.InvariantCulture, $"orleanslb-{Environment.ProcessId}-{Interlocked.Increment(ref _tables)}");
    private NetlinkSocket? _owner;
    private LinkException? _refusal;

    /// <summary>Counted: addresses may share one. A kernel that refuses is asked again when the interface is opened anew, and not for each address.</summary>
    public void Take(MacAddress station)
    {
        if (_refusal is not null) throw _refusal;
        if (!_holders.TryGetValue(station, out var holders)) Begin(station);
        _holders[station] = holders + 1;
    }

    public void Leave(MacAddress station)
    {
        if (!_holders.TryGetValue(station, out var holders)) return;
        _holders[station] = holders - 1;
        if (holders > 1) return;
        _holders.Remove(station);
        _owner!.Transact(StationTable.Remove(_table, station));
        try
        {
            ChangeMembership(DropMembership, station);
        }
        catch (SocketException)
        {
            // the interface went, and its memberships with it
        }
    }

    public void Dispose() => _owner?.Dispose();

    private void Begin(MacAddress station)
    {
        _owner ??= MakeTable();
        try
        {
            ChangeMembership(AddMembership, station);
        }
        catch (SocketException refused)
        {
            throw Refuse(refused.Message);
        }
        var error = _owner.Transact(StationTable.Add(_table, station));
        if (error == 0) return;
        ChangeMembership(DropMembership, station);
        throw Refuse(new Win32Exception(error).Message);
    }

    private NetlinkSocket MakeTable()
    {
        if (Children.Contains(device.Kind)) throw Refuse($"it is a {device.Kind} interface, whose parent hands it frames to its own only");
        var socket = NetlinkSocket.OpenNetfilter(scope);
        var error = socket.Transact(StationTable.Make(_table, device.Name));
        if (error == 0) return socket;
        socket.Dispose();
        throw Refuse($"{new Win32Exception(error).Message}. It takes Linux 5.12 or later with nf_tables, and the capability CAP_NET_ADMIN "
            + "('securityContext.capabilities.add: [NET_ADMIN]' in a pod)");
    }

    private LinkException Refuse(string cause) =>
        _refusal = new($"{device.Name} cannot take frames to another hardware address, so addresses with virtualMac are announced with its own: {cause}.");

    private void ChangeMembership(int option, MacAddress station)
    {
        Span<byte> request = stackalloc byte[16]; // struct packet_mreq: 0 interface  4 kind  6 length  8 address
        request.Clear();
        BitConverter.TryWriteBytes(request, device.Index);
        BitConverter.TryWriteBytes(request[4..], Unicast);
        BitConverter.TryWriteBytes(request[6..], (short)MacAddress.Length);
        station.Write(request[8..]);
        link.SetRawSocketOption(PacketSocketLink.SolPacket, option, request);
    }
}
