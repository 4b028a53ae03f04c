using OrleansLb.Speaker.Tests.Namespaces;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>A BIRD in the router's namespace.</summary>
internal sealed class Bird : IAsyncDisposable
{
    /// <summary>The usual peer: node1 as an external neighbour, with graceful restart.</summary>
    public const string ExternalPeer = """
        protocol bgp node1 {
          local 192.0.2.254 as 64501;
          neighbor 192.0.2.1 as 64500;
          ipv4 { import all; export none; };
          graceful restart;
        }
        """;

    private readonly BgpLab _lab;
    private readonly string _host;
    private readonly string _control;
    private readonly string _client = Daemon.Find("bird2", "/usr/sbin/birdc");

    /// <param name="protocols">BGP protocols, in BIRD's language.</param>
    /// <param name="host">Whose namespace it runs in.</param>
    public Bird(BgpLab lab, string protocols, string name = "bird", string host = BgpLab.Router)
    {
        (_lab, _host) = (lab, host);
        _control = Path.Combine(lab.Folder, name + ".ctl");
        var configuration = Path.Combine(lab.Folder, name + ".conf");
        File.WriteAllText(configuration, "log stderr all;\nrouter id 192.0.2.254;\nprotocol device {}\nprotocol direct { ipv4; ipv6; }\n" + protocols);
        Process = new(lab.Namespace(host), Daemon.Find("bird2", "/usr/sbin/bird"), "-f", "-c", configuration, "-s", _control, "-P",
            Path.Combine(lab.Folder, name + ".pid"));
    }

    public Daemon Process { get; }

    public string Ask(string command) => Shell.Try($"ip netns exec {_lab.Namespace(_host)} {_client} -s {_control} {command}").Output;

    public Task<string> Eventually(string command, Func<string, bool> right) => Daemon.Eventually(() => Ask(command), right);

    /// <summary>What BIRD shows of a route once it has it.</summary>
    public Task<string> Route(string prefix) => Eventually($"show route all for {prefix}", answer => answer.Contains("BGP.as_path", StringComparison.Ordinal));

    public Task Gone(string prefix) => Eventually($"show route for {prefix}", answer => answer.Contains("Network not found", StringComparison.Ordinal));

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
