using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Linux;
using OrleansLb.Speaker.Links.Memory;
using OrleansLb.Speaker.Links.Windows;

namespace OrleansLb.Silo.Hosting;

/// <summary>The interfaces of the node that this process serves, looked at before anything is started.</summary>
internal sealed class NodeLinkage(ILinkProvider links, INetworkScope? stack, NodeLinks seen)
{
    /// <summary>The interfaces of this machine, with frames read and sent by packet sockets.</summary>
    public static NodeLinkage ByPacketSockets()
    {
        if (!OperatingSystem.IsLinux())
            throw new OperatorException("--link packet: packet sockets are Linux's. On Windows frames are captured by Npcap: --link pcap.");
        return OfKernel(PacketSocketOpener.Instance);
    }

    /// <summary>The interfaces of this machine, with frames captured and injected by libpcap or Npcap.</summary>
    public static NodeLinkage ByCapture()
    {
        var capture = CaptureLibrary.Opener
            ?? throw new OperatorException(
                "--link pcap: this build is without SharpPcap (README, \"Two builds\"). Build the product, or on Linux use packet sockets: --link packet.");
        if (OperatingSystem.IsLinux()) return OfKernel(capture);
        if (OperatingSystem.IsWindows()) return new(new WindowsLinks(TimeProvider.System, capture), HostNetwork.Instance, WindowsLinks.Read());
        throw new OperatorException(
            "--link pcap: the interfaces of this system are not known here, only those of Linux and Windows. '--link memory' works everywhere.");
    }

    private static NodeLinkage OfKernel(ILinkOpener opener)
    {
        var links = new KernelLinks(HostNetwork.Instance, TimeProvider.System, opener);
        return new(links, HostNetwork.Instance, links.Read());
    }

    /// <summary>One interface on a segment that nobody else is on.</summary>
    public static NodeLinkage InMemory()
    {
        var links = new MemoryLinks();
        links.Set("eth0", new MemorySegment(TimeProvider.System).Plug(MacAddress.Parse("02:00:5e:00:00:01")), [Prefix.Parse("192.168.0.0/24")]);
        return new(links, null, links.Links);
    }

    /// <summary>
    /// The node on these interfaces, or on all that can be used; an <see cref="OperatorException"/> when one is not there or may not be opened.
    /// </summary>
    public NodeSettings Node(NodeName name, IReadOnlyList<string> interfaces)
    {
        var unknown = interfaces.FirstOrDefault(wanted => seen.Links.All(link => link.Name != wanted));
        if (unknown is not null)
            throw new OperatorException(
                $"--interface: there is no interface '{unknown}' on this machine; it has {string.Join(", ", seen.Links.Select(link => link.Name))}.");
        var used = seen.Links.Where(link => interfaces.Count == 0 ? link.Usable : interfaces.Contains(link.Name)).ToList();
        if (used.Count == 0)
            throw new OperatorException("no interface of this machine can be used (up, with carrier, no loopback, no port of a bridge or bond); bring one up, "
                + "or name one with --interface.");
        foreach (var link in used.Where(link => link.Usable)) TryOpen(link.Name); // what is down now may come up later
        return new(name, links, stack, interfaces.ToEquatableList(), AddressesOf(used));
    }

    private void TryOpen(string name)
    {
        try
        {
            links.Open(name, LinkTraffic.Arp).Dispose();
        }
        catch (LinkException refused)
        {
            throw new OperatorException(refused.Message, refused);
        }
    }

    /// <summary>The links tell prefixes only; the node's own addresses are asked of the system.</summary>
    private static EquatableList<Address> AddressesOf(List<LinkState> used) => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
        .Where(adapter => used.Any(link => link.Name == adapter.Name))
        .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
        .Where(unicast => !unicast.Address.IsIPv6LinkLocal)
        .Select(unicast => Address.From(unicast.Address))
        .ToEquatableList();
}
