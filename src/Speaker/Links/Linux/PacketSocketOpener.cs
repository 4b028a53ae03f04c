using System.Net.Sockets;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>Opens interfaces by packet sockets.</summary>
public sealed class PacketSocketOpener : ILinkOpener
{
    private PacketSocketOpener()
    {
    }

    public static PacketSocketOpener Instance { get; } = new();

    public ILink Open(INetworkScope scope, LinkDevice device, LinkTraffic traffic)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(device);
        try
        {
            return PacketSocketLink.Open(scope, device, traffic);
        }
        catch (SocketException denied) when (denied.SocketErrorCode == SocketError.AccessDenied)
        {
            throw FrameRights.Missing("open a packet socket", device.Name, denied);
        }
        catch (SocketException failed)
        {
            throw new LinkException($"Cannot open a packet socket on {device.Name}: {failed.Message}.", failed);
        }
    }
}
