using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Gives the kernel the key with which it signs and checks the segments of a peer (RFC 2385, tcp(7)).</summary>
internal static class TcpMd5
{
    public const int MaxKeyLength = 80;

    private const int SolTcp = 6, TcpMd5Sig = 14, TcpMd5SigExt = 32;
    private const int Length = 216, Ipv4Offset = 4, Ipv6Offset = 8, FlagsOffset = 128, PrefixOffset = 129, KeyLengthOffset = 130, KeyOffset = 136;
    private const ushort Inet = 2, Inet6 = 10;
    private const byte HasPrefix = 1;

    /// <summary>On a listening socket the key is for connections of that peer; null takes it away.</summary>
    public static void SetKey(Socket socket, IPAddress peer, string? password) => Set(socket, TcpMd5Sig, Option(peer, password));

    /// <summary>Likewise for every peer whose address begins with so many bits of this one, unless it has a key of its own.</summary>
    public static void SetKey(Socket socket, IPAddress network, int prefixLength, string? password)
    {
        var option = Option(network, password);
        (option[FlagsOffset], option[PrefixOffset]) = (HasPrefix, (byte)prefixLength);
        Set(socket, TcpMd5SigExt, option);
    }

    private static void Set(Socket socket, int name, byte[] option)
    {
        BgpTransport.RequireLinux("A peer's password (TCP-MD5)");
        socket.SetRawSocketOption(SolTcp, name, option);
    }

    // struct tcp_md5sig: address (128), flags (1), prefix length (1), key length (2), interface (4), key (80); numbers as the machine has them
    private static byte[] Option(IPAddress peer, string? password)
    {
        var key = Encoding.UTF8.GetBytes(password ?? "");
        if (key.Length > MaxKeyLength)
            throw new ArgumentException($"A BGP password has at most {MaxKeyLength} octets; this one has {key.Length}.", nameof(password));
        var option = new byte[Length];
        var ipv4 = peer.AddressFamily == AddressFamily.InterNetwork;
        MemoryMarshal.Write(option, ipv4 ? Inet : Inet6);
        peer.TryWriteBytes(option.AsSpan(ipv4 ? Ipv4Offset : Ipv6Offset), out _);
        MemoryMarshal.Write(option.AsSpan(KeyLengthOffset), (ushort)key.Length);
        key.CopyTo(option.AsSpan(KeyOffset));
        return option;
    }
}
