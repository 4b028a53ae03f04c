using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links.Linux;
using OrleansLb.Speaker.Tests.Namespaces;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>
/// A router's namespace with a bridge (192.0.2.254, fd77::fe), nodes on it (192.0.2.1, fd77::1, …), each with a speaker. All is gone when it is disposed.
/// </summary>
internal sealed class BgpLab : IAsyncDisposable
{
    public const string RouterAddress = "192.0.2.254", RouterAddressV6 = "fd77::fe", Router = "router", FarAddress = "198.18.0.2";

    private static int _count;
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"olb-bgp-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
    private readonly List<BgpSpeaker> _speakers = [];
    private readonly List<IAsyncDisposable> _daemons = [];
    private readonly List<string> _namespaces = [];
    private readonly ILoggerFactory _log = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Debug).AddProvider(new TestOutputLog()));

    public BgpLab(int nodes = 1)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Network namespaces take Linux and root.");
        Folder = Directory.CreateTempSubdirectory("olb-bgp-").FullName;
        AddNamespace(Router);
        Run(Router, "ip link add br0 type bridge");
        Run(Router, $"ip addr add {RouterAddress}/24 dev br0");
        Run(Router, $"ip addr add {RouterAddressV6}/64 dev br0 nodad");
        Run(Router, "ip link set br0 up");
        for (var number = 1; number <= nodes; number++) AddNode(number);
    }

    /// <summary>For the files of the daemons.</summary>
    public string Folder { get; }

    public string Namespace(string host) => $"{_prefix}-{host}";

    public static string Node(int number) => string.Create(CultureInfo.InvariantCulture, $"node{number}");

    public string Run(string host, string commandLine) => Shell.Run($"ip netns exec {Namespace(host)} {commandLine}");

    public T Keep<T>(T daemon) where T : IAsyncDisposable
    {
        _daemons.Add(daemon);
        return daemon;
    }

    public BgpSpeaker Speak(int number = 1)
    {
        var speaker = new BgpSpeaker(new() { Node = new(Node(number)), ReportInterval = TimeSpan.FromMilliseconds(200) },
            new NetworkNamespace(Namespace(Node(number))), TimeProvider.System, _log.CreateLogger<BgpSpeaker>());
        _speakers.Add(speaker);
        return speaker;
    }

    /// <summary>Adds a host one hop behind the router, at <see cref="FarAddress"/>, and the way there for node1.</summary>
    public string AddBehindRouter()
    {
        const string Far = "far";
        AddNamespace(Far);
        Shell.Run($"ip link add eth0 netns {Namespace(Far)} type veth peer name far netns {Namespace(Router)}");
        Run(Far, $"ip addr add {FarAddress}/30 dev eth0");
        Run(Far, "ip link set eth0 up");
        Run(Router, "ip addr add 198.18.0.1/30 dev far");
        Run(Router, "ip link set far up");
        Run(Router, "sysctl -qw net.ipv4.ip_forward=1");
        Run(Far, "ip route add default via 198.18.0.1");
        Run(Node(1), $"ip route add default via {RouterAddress}");
        return Far;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var speaker in _speakers) await speaker.Kill();
        foreach (var daemon in _daemons) await daemon.DisposeAsync();
        foreach (var name in _namespaces) Shell.Try($"ip netns del {name}");
        Directory.Delete(Folder, recursive: true);
        _log.Dispose();
    }

    private void AddNode(int number)
    {
        var host = Node(number);
        AddNamespace(host);
        Shell.Run($"ip link add eth0 netns {Namespace(host)} type veth peer name {host} netns {Namespace(Router)}");
        Run(Router, $"ip link set {host} master br0 up");
        Run(host, $"ip addr add 192.0.2.{number}/24 dev eth0");
        Run(host, $"ip addr add fd77::{number}/64 dev eth0 nodad");
        Run(host, "ip link set eth0 up");
    }

    private void AddNamespace(string host)
    {
        Shell.Run($"ip netns add {Namespace(host)}");
        _namespaces.Add(Namespace(host));
        Run(host, "sysctl -qw net.ipv6.conf.default.accept_dad=0");
        Run(host, "ip link set lo up");
    }
}
