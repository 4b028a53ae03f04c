using SharpPcap;

namespace OrleansLb.Speaker.Links.Pcap;

/// <summary>Opens interfaces by libpcap, or on Windows by Npcap.</summary>
internal sealed class PcapOpener : ILinkOpener
{
    public static PcapOpener Instance { get; } = new();

    private static string Library => OperatingSystem.IsWindows() ? "Npcap (https://npcap.com)" : "libpcap (the Debian package libpcap0.8)";

    public ILink Open(INetworkScope scope, LinkDevice device, LinkTraffic traffic)
    {
        try
        {
            return new PcapLink(scope.Run(() => CaptureDevice.Open(device, traffic)), new(scope, device.Index), device);
        }
        catch (PcapException denied) when (denied.Error is PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied)
        {
            throw FrameRights.Missing("capture", device.Name, denied);
        }
        catch (Exception failed) when (failed is PcapException or InvalidOperationException)
        {
            throw new LinkException($"Cannot capture on {device.Name}: {failed.Message}", failed);
        }
        catch (Exception absent) when (absent is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new LinkException($"Cannot capture on {device.Name}: this machine has no {Library}. Install it, or use packet sockets where there "
                + "are any ('--link packet').", absent);
        }
    }
}
