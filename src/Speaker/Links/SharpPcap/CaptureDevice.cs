using OrleansLb.Speaker.Links.Linux;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace OrleansLb.Speaker.Links.Pcap;

/// <summary>An interface opened by libpcap or Npcap. One thread reads; any thread sends or wakes the reader.</summary>
internal sealed class CaptureDevice : LibPcapLiveDevice
{
    /// <summary>
    /// More than the longest ping that is answered; of ARP and neighbour discovery far less is needed. The kernel's buffer is cut into pages, and on
    /// Linux each frame takes as many as this length and its header do: two of neighbours go into one.
    /// </summary>
    private const int EchoLength = 16_384, NeighbourLength = 1536;

    /// <summary>Of one handle, in octets: for two thousand frames of neighbours, as many as a burst brings while nobody reads.</summary>
    private const int Buffer = 1 << 22;

    /// <summary>How long a read waits before it looks whether it is to end, where the library cannot wake it (libpcap before 1.10).</summary>
    private const int ReadTimeoutMilliseconds = 250;

    /// <summary>Where the captured length stands in <c>struct pcap_pkthdr</c>: after a time of two longs, which on Windows have 32 bits.</summary>
    private static readonly int LengthOffset = OperatingSystem.IsWindows() ? 8 : 2 * nint.Size;

    private CaptureDevice(PcapInterface device)
        : base(device)
    {
    }

    /// <summary>Opens the interface, with frames handed over one by one as they come. To be called within its network stack.</summary>
    public static CaptureDevice Open(LinkDevice device, LinkTraffic traffic)
    {
        var found = PcapInterface.GetAllPcapInterfaces().FirstOrDefault(each => each.Name == device.Name || each.FriendlyName == device.Name)
            ?? throw new LinkException($"The capture library knows no interface '{device.Name}'.");
        var opened = new CaptureDevice(found);
        try
        {
            opened.Open(new DeviceConfiguration
            {
                Mode = DeviceModes.None, Immediate = true, BufferSize = Buffer, ReadTimeout = ReadTimeoutMilliseconds,
                Snaplen = traffic is LinkTraffic.Arp or LinkTraffic.Ndp ? NeighbourLength : EchoLength,
            });
            if (opened.LinkType != LinkLayers.Ethernet) throw new LinkException($"{device.Name} carries no Ethernet frames ({opened.LinkType}).");
            opened.Filter = CaptureFilter.For(traffic, device.Mac, hearsItself: !opened.IgnoreOutgoing());
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Has the kernel leave out what is sent from here; false where it does not offer that.</summary>
    private bool IgnoreOutgoing() =>
        OperatingSystem.IsLinux() && LibC.SetSocketOption(FileDescriptor, PacketSocketLink.SolPacket, PacketSocketLink.IgnoreOutgoing, 1, sizeof(int)) == 0;

    /// <summary>
    /// Waits for a frame and copies it: its length; 0 when none came or the reader was woken; less than 0 when the interface cannot be read at the moment.
    /// </summary>
    public unsafe int Next(Span<byte> frame)
    {
        nint header = 0, data = 0;
        var outcome = (GetPacketStatus)GetNextPacketPointers(ref header, ref data);
        if (outcome != GetPacketStatus.PacketRead) return outcome == GetPacketStatus.Error ? -1 : 0;
        var length = Math.Min(*(int*)(header + LengthOffset), frame.Length);
        new ReadOnlySpan<byte>((void*)data, length).CopyTo(frame);
        return length;
    }

    /// <summary>Ends a wait for frames. The library does it when a capture of its own is stopped, so one that has ended is made out to be such.</summary>
    public void Wake()
    {
        captureThread = Task.CompletedTask;
        StopCapture();
    }
}
