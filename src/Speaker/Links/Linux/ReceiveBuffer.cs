using System.Net.Sockets;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>How much a socket keeps for a reader that is late.</summary>
internal static class ReceiveBuffer
{
    private const int SolSocket = 1, ReceiveBufferForce = 33;

    /// <summary>Beyond the system's limit where the process may (CAP_NET_ADMIN); else as much as that allows.</summary>
    /// <param name="bytes">Of kernel memory: a short frame takes 768.</param>
    public static void Enlarge(Socket socket, int bytes)
    {
        try
        {
            socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(bytes));
        }
        catch (SocketException denied) when (denied.SocketErrorCode == SocketError.AccessDenied)
        {
            socket.ReceiveBufferSize = bytes;
        }
    }
}
