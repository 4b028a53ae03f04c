using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Makes the sockets of BGP sessions and sets what the kernel has to do for them.</summary>
internal static class BgpTransport
{
    private const int DirectTtl = 1, MaxTtl = 255;
    private const byte NetworkControl = 0xC0; // DSCP CS6 (RFC 2474 §4.2.2.2)

    // Linux numbers of options that .NET has no names for.
    private const int SolSocket = 1, SoBindToDevice = 25;
    private const int SolIp = 0, IpTos = 1, IpMinTtl = 21;
    private const int SolIpv6 = 41, Ipv6MinHopCount = 73, Ipv6TrafficClass = 67;

    /// <summary>
    /// What the peer's configuration wants of the system's sockets and this system does not offer, as a sentence; null when nothing is missing.
    /// </summary>
    public static string? Missing(BgpPeerOptions peer, bool isLinux)
    {
        if (isLinux) return null;
        var wanted =
            peer.Password is not null ? "A peer's password (TCP-MD5)" : peer.Gtsm ? "GTSM" : peer.Interface is not null ? "Binding to an interface" : null;
        return wanted is null ? null : $"{wanted} takes Linux: this system's sockets do not offer it.";
    }

    /// <summary>A socket for dialling the peer, bound and ready to connect. Nothing that the configuration wants is left out in silence.</summary>
    public static Socket ForDialling(INetworkScope scope, BgpPeerOptions peer, IPAddress remote)
    {
        if (Missing(peer, OperatingSystem.IsLinux()) is { } missing) throw new PlatformNotSupportedException(missing);
        var socket = scope.Run(() => new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            Prepare(socket, peer, remote);
            if (peer.Interface is { } device) BindToDevice(scope, socket, device);
            if (peer.SourceAddress is { } source) socket.Bind(new IPEndPoint(source, 0));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sets on an accepted connection what <see cref="ForDialling"/> sets on one that we begin.</summary>
    public static void Prepare(Socket socket, BgpPeerOptions peer, IPAddress remote)
    {
        socket.NoDelay = true;
        SetTtl(socket, peer);
        if (!OperatingSystem.IsLinux()) return;
        socket.SetRawSocketOption(socket.AddressFamily == AddressFamily.InterNetwork ? SolIp : SolIpv6,
            socket.AddressFamily == AddressFamily.InterNetwork ? IpTos : Ipv6TrafficClass, Int32(NetworkControl));
        if (peer.Password is { } password) TcpMd5.SetKey(socket, remote, password);
    }

    /// <summary>A listening socket. Its answers leave with the highest TTL, because a peer may check it before we know who it is (RFC 5082 §3).</summary>
    public static Socket ForListening(INetworkScope scope, IPEndPoint endPoint, string? device)
    {
        var socket = scope.Run(() => new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Ttl = MaxTtl;
            if (device is not null) BindToDevice(scope, socket, device);
            socket.Bind(endPoint);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One hop to an external peer unless told otherwise; between internal peers the system's default.</summary>
    public static int? TtlFor(BgpPeerOptions peer) =>
        peer.Gtsm ? MaxTtl
        : peer.MultihopTtl is { } ttl ? ttl
        : peer.Settings.PeerAs.IsInternal(peer.Settings.LocalAsn) == false ? DirectTtl
        : null;

    /// <summary>Sets what is sent with, and what is taken: anything, or under GTSM nothing that came further than the next host (RFC 5082 §3).</summary>
    public static void SetTtl(Socket socket, BgpPeerOptions peer)
    {
        if (TtlFor(peer) is { } ttl) socket.Ttl = (short)ttl;
        if (peer.Gtsm) RequireLinux("GTSM");
        if (!OperatingSystem.IsLinux()) return;
        var least = Int32(peer.Gtsm ? MaxTtl : 0);
        if (socket.AddressFamily == AddressFamily.InterNetwork) socket.SetRawSocketOption(SolIp, IpMinTtl, least);
        else socket.SetRawSocketOption(SolIpv6, Ipv6MinHopCount, least);
    }

    internal static void BindToDevice(INetworkScope scope, Socket socket, string device)
    {
        RequireLinux("Binding to an interface");
        try
        {
            socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes(device + "\0"));
        }
        // .NET has no name for ENODEV, and not every version gives its number
        catch (SocketException refused) when (LocalAddresses.FindInterfaceIndex(scope, device) is null)
        {
            throw new LinkException($"there is no interface or VRF '{device}' on this node.", refused);
        }
    }

    internal static void RequireLinux(string what)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException($"{what} takes Linux: this system's sockets do not offer it.");
    }

    private static byte[] Int32(int value) => BitConverter.GetBytes(value);
}
