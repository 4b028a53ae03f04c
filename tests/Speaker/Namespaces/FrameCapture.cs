using OrleansLb.Speaker.Tests.Bgp;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>Every ARP and ICMPv6 frame that passes the interface of a host, captured by tcpdump and judged by tshark.</summary>
internal sealed class FrameCapture : IDisposable
{
    private readonly LineFeed _tcpdump;
    private readonly string _file;

    private FrameCapture(LineFeed tcpdump, string file) => (_tcpdump, _file) = (tcpdump, file);

    public static async Task<FrameCapture> Start(NamespaceLab lab, string host)
    {
        var file = Path.Combine(Path.GetTempPath(), lab.Name("capture") + ".pcap");
        var tcpdump = new LineFeed($"ip netns exec {lab.Name(host)} tcpdump -i eth0 -U --immediate-mode -Z root -w {file} arp or icmp6");
        await tcpdump.ErrorLine("listening on");
        return new(tcpdump, file);
    }

    /// <summary>Waits until so many frames are written that the filter of tshark lets through: there is nothing wrong with any of them.</summary>
    public async Task ExpectNothingWrong(string filter, int frames)
    {
        await Daemon.Eventually(() => Ask(filter), found => found.Split('\n').Length >= frames);
        Assert.Equal("", Ask($"({filter})&&(_ws.malformed||_ws.expert.severity>=0x600000||icmpv6.checksum.status==0)"));
    }

    public void Dispose()
    {
        _tcpdump.Dispose();
        File.Delete(_file);
    }

    /// <summary>A line for each frame, without what tshark says of itself and of a frame that is just being written.</summary>
    private string Ask(string filter) => string.Join('\n', Shell.Try($"tshark -r {_file} -Y {filter}").Output.Split('\n')
        .Where(line => line.Length > 0 && !line.StartsWith("Running as", StringComparison.Ordinal) && !line.StartsWith("tshark:", StringComparison.Ordinal)));
}
