using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>A real bridge in a namespace of its own, and hosts on it, each a namespace with an eth0. All is gone when it is disposed.</summary>
internal sealed class NamespaceLab : IAsyncDisposable
{
    private static int _count;
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"olb-wire-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
    private readonly List<string> _namespaces = [];
    private readonly List<L2Speaker> _speakers = [];
    private readonly ILinkOpener _opener;

    public NamespaceLab(params string[] hosts)
        : this(PacketSocketOpener.Instance, hosts)
    {
    }

    /// <param name="opener">How the nodes that are tested open their interfaces; the other hosts use packet sockets.</param>
    public NamespaceLab(ILinkOpener opener, params string[] hosts)
    {
        _opener = opener;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Network namespaces take Linux and root.");
        AddNamespace("segment");
        Shell.Run($"ip -n {Name("segment")} link add br0 type bridge mcast_snooping 0"); // a bridge that snoops drops malformed frames by itself
        Shell.Run($"ip -n {Name("segment")} link set br0 up");
        LetMalformedFramesPass();
        for (var index = 0; index < hosts.Length; index++) AddHost(hosts[index], index + 1);
        AwaitForwarding();
    }

    public string Name(string host) => $"{_prefix}-{host}";

    public INetworkScope Scope(string host) => new NetworkNamespace(Name(host));

    public KernelLinks Links(string host) => new(Scope(host), TimeProvider.System);

    /// <summary>Likewise, opened in the way that is tested.</summary>
    public KernelLinks Tested(string host) => Tested(Scope(host));

    public KernelLinks Tested(INetworkScope scope) => new(scope, TimeProvider.System, _opener);

    /// <summary>Runs a tool on a host.</summary>
    public string Run(string host, string commandLine) => Shell.Run($"ip netns exec {Name(host)} {commandLine}");

    /// <summary>Asks by ARP, once a second until somebody answers; returns what arping says of it.</summary>
    public string Arping(string host, string address, string options = "") => Run(host, $"arping {options}-c 30 -C 1 -w 60 -I eth0 {address}");

    /// <summary>Waits until the bridge lets frames through to every host: it does some time after the link is up, when it has noticed that.</summary>
    public void AwaitForwarding()
    {
        var began = Stopwatch.GetTimestamp();
        while (Shell.Run($"ip -n {Name("segment")} -d link show master br0") is var ports && ports.Split("bridge_slave state ").Skip(1).Any(IsBlocked))
            Assert.True(Stopwatch.GetElapsedTime(began) < Wire.Patience, $"The bridge does not forward: {ports}");

        static bool IsBlocked(string port) => !port.StartsWith("forwarding", StringComparison.Ordinal);
    }

    /// <summary>What changes from now on in the neighbour table of a host.</summary>
    public async Task<LineFeed> MonitorNeighbours(string host)
    {
        const string mark = "192.0.2.250";
        var feed = new LineFeed($"ip -n {Name(host)} monitor neigh");
        var (heard, changes) = (feed.Line(mark), 0);
        while (!heard.IsCompleted) Run(host, $"ip neigh replace {mark} lladdr 02:00:00:00:fe:{++changes % 100:d2} dev eth0 nud stale"); // until it listens
        await heard;
        return feed;
    }

    public (int Code, string Output) Try(string host, string commandLine) => Shell.Try($"ip netns exec {Name(host)} {commandLine}");

    public MacAddress Mac(string host) => new(Links(host).Read().Links.Single(link => link.Name == "eth0").Mac.Value);

    public L2Speaker Speak(string host, L2SpeakerOptions? options = null)
    {
        var speaker = new L2Speaker(options ?? new() { Node = Wire.Node }, Tested(host), TimeProvider.System, NullLogger<L2Speaker>.Instance);
        _speakers.Add(speaker);
        return speaker;
    }

    /// <summary>A speaker of a node that stands in this network.</summary>
    public L2Speaker Speak(INetworkScope scope)
    {
        var speaker =
            new L2Speaker(new() { Node = Wire.Node }, new KernelLinks(scope, TimeProvider.System), TimeProvider.System, NullLogger<L2Speaker>.Instance);
        _speakers.Add(speaker);
        return speaker;
    }

    /// <summary>Waits for the interfaces of a host to be as wanted, following its netlink events.</summary>
    public async Task<NodeLinks> Await(string host, Predicate<NodeLinks> wanted)
    {
        using var patience = new CancellationTokenSource(Wire.Patience);
        await foreach (var change in Links(host).Watch(patience.Token))
        {
            if (wanted(change.Links)) return change.Links;
        }
        throw new TimeoutException();
    }

    public void AddVeth(string host, string name, string portName)
    {
        Shell.Run($"ip link add {name} netns {Name(host)} type veth peer name {portName} netns {Name("segment")}");
        Shell.Run($"ip -n {Name("segment")} link set {portName} master br0 up");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var speaker in _speakers) await speaker.DisposeAsync();
        foreach (var name in _namespaces) Shell.Try($"ip netns del {name}");
    }

    /// <summary>Where br_netfilter is loaded, a bridge drops ARP and IPv6 that end before they say before any station sees them.</summary>
    private void LetMalformedFramesPass()
    {
        foreach (var kind in new[] { "arptables", "iptables", "ip6tables" })
            Shell.Try($"ip netns exec {Name("segment")} sysctl -qw net.bridge.bridge-nf-call-{kind}=0");
    }

    private void AddHost(string host, int number)
    {
        AddNamespace(host);
        AddVeth(host, "eth0", host);
        Run(host, $"ip link set eth0 address 02:00:00:00:00:{number:x2}");
        Run(host, $"ip addr add 192.0.2.{number}/24 dev eth0");
        Run(host, $"ip addr add fd77::{number}/64 dev eth0 nodad");
        Run(host, "ip link set lo up");
        Run(host, "ip link set eth0 up");
    }

    private void AddNamespace(string host)
    {
        Shell.Run($"ip netns add {Name(host)}");
        _namespaces.Add(Name(host));
    }
}
