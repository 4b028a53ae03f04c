using OrleansLb.Speaker.Tests.Namespaces;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>An FRR (zebra and bgpd) in the router's namespace.</summary>
internal sealed class Frr : IAsyncDisposable
{
    private readonly BgpLab _lab;
    private readonly Daemon _zebra;
    private readonly Daemon _bgp;

    private Frr(BgpLab lab, Daemon zebra, Daemon bgp) => (_lab, _zebra, _bgp) = (lab, zebra, bgp);

    /// <param name="configuration">What follows "router bgp 64501" and its usual lines.</param>
    /// <param name="interfaces">What zebra is told of interfaces.</param>
    public static async Task<Frr> Start(BgpLab lab, string configuration, string interfaces = "")
    {
        File.WriteAllText(GroupsOf(lab), "root:x:0:\nfrrvty:x:65533:root\n");
        File.WriteAllText(Path.Combine(lab.Folder, "vtysh.conf"), "username root nopassword\n"); // without, the client asks PAM, which knows no unpacked FRR
        var sockets = Path.Combine(lab.Folder, "zserv.api");
        var zebra = Run(lab, "zebra", interfaces, "-z", sockets);
        await Daemon.Eventually(() => File.Exists(sockets) ? "ready" : "not yet", answer => answer == "ready"); // bgpd would try again only after ten seconds
        return lab.Keep(new Frr(lab, zebra,
            Run(lab, "bgpd", "router bgp 64501\n bgp router-id 192.0.2.254\n no bgp ebgp-requires-policy\n" + configuration, "-z", sockets, "-p", "179")));
    }

    public string Ask(string command) =>
        Daemon.Ask(_lab.Namespace(BgpLab.Router), Daemon.Find("frr", "/usr/bin/vtysh"), "--vty_socket", _lab.Folder, "--config_dir", _lab.Folder,
            "-c", command);

    public Task<string> Eventually(string command, Func<string, bool> right) => Daemon.Eventually(() => Ask(command), right);

    /// <summary>What FRR shows of a route once it has it.</summary>
    public Task<string> Route(string family, string prefix) =>
        Eventually($"show bgp {family} unicast {prefix}", answer => answer.Contains("Paths: (1 available", StringComparison.Ordinal));

    public Task Gone(string family, string prefix) =>
        Eventually($"show bgp {family} unicast {prefix}", answer => answer.Contains("Network not in table", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _bgp.DisposeAsync();
        await _zebra.DisposeAsync();
    }

    // The daemons insist that the user they run as is of a certain group, which a machine without an installed FRR does not even have. "ip netns exec" gives
    // them a view of the files that nobody else sees: there root is of that group.
    private static Daemon Run(BgpLab lab, string program, string configuration, params string[] arguments)
    {
        var file = Path.Combine(lab.Folder, program + ".conf");
        File.WriteAllText(file, configuration + "\n");
        string[] command =
        [
            Daemon.Find("frr", "/usr/lib/frr/" + program), "-u", "root", "-g", "root", "-f", file, "-i", Path.Combine(lab.Folder, program + ".pid"),
            "--vty_socket", lab.Folder, "-P", "0", "--log", "stdout", .. arguments,
        ];
        return new(lab.Namespace(BgpLab.Router), "sh", "-c", $"mount --bind {GroupsOf(lab)} /etc/group && exec {string.Join(' ', command)}");
    }

    private static string GroupsOf(BgpLab lab) => Path.Combine(lab.Folder, "group");
}
