using OrleansLb.Speaker.Tests.Namespaces;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>What comes to the router over BGP, captured by tcpdump and judged by tshark.</summary>
internal sealed class Capture : IDisposable
{
    private readonly LineFeed _tcpdump;
    private readonly string _file;
    private bool _ended;

    private Capture(LineFeed tcpdump, string file) => (_tcpdump, _file) = (tcpdump, file);

    public static async Task<Capture> Start(BgpLab lab)
    {
        var file = Path.Combine(lab.Folder, "bgp.pcap");
        var capture =
            new Capture(new($"ip netns exec {lab.Namespace(BgpLab.Router)} tcpdump -U --immediate-mode -Z root -i br0 -w {file} tcp port 179 and not src host "
                + $"{BgpLab.RouterAddress} and not src host {BgpLab.RouterAddressV6}"), file);
        await capture._tcpdump.ErrorLine("listening on");
        return capture;
    }

    /// <summary>Ends the capture: there were messages, and none of them is malformed or worth a warning.</summary>
    public void ExpectNothingWrong()
    {
        Dispose();
        Assert.NotEmpty(Lines("bgp"));
        Assert.Empty(Lines("_ws.malformed"));
        Assert.Empty(Lines("bgp&&_ws.expert.severity>=6291456")); // warnings and errors
    }

    public void Dispose()
    {
        if (!_ended) _tcpdump.Dispose();
        _ended = true;
    }

    private string[] Lines(string filter)
    {
        var (code, output) = Shell.Try($"tshark -r {_file} -Y {filter}");
        Assert.True(code == 0, output);
        return [.. output.Split('\n').Where(line => line.Contains("BGP", StringComparison.Ordinal))];
    }
}
