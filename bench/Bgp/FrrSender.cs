namespace OrleansLb.Bench.Bgp;

/// <summary>FRR, with its routes in the kernel of its namespace and redistributed from there.</summary>
internal sealed class FrrSender(string networkNamespace, string folder, int routes) : IBgpSender
{
    private PeerProgram? _zebra;
    private PeerProgram? _bgp;

    public string Name => "FRR";

    public IReadOnlyList<int> Processes => _zebra is { } zebra && _bgp is { } bgp ? [zebra.Id, bgp.Id] : [];

    private string Sockets => Path.Combine(folder, "zserv.api");

    private string Groups => Path.Combine(folder, "group");

    public async Task Start()
    {
        File.WriteAllText(Groups, "root:x:0:\nfrrvty:x:65533:root\n");
        File.WriteAllText(Path.Combine(folder, "vtysh.conf"), "username root nopassword\n"); // without, the client asks PAM, which knows no unpacked FRR
        AddKernelRoutes();
        _zebra = Run("zebra", "", "-z", Sockets);
        while (!File.Exists(Sockets)) await Task.Delay(1); // bgpd would try again only after ten seconds
        _bgp = Run("bgpd", """
            router bgp 64500
             bgp router-id 192.0.2.1
             no bgp ebgp-requires-policy
             no bgp network import-check
             neighbor 192.0.2.2 remote-as 64501
             neighbor 192.0.2.2 timers connect 1
             neighbor 192.0.2.2 advertisement-interval 0
            """, "-z", Sockets, "-p", "179");
    }

    public Task AnnounceMany() => Configure("redistribute kernel");

    public Task WithdrawMany() => Configure("no redistribute kernel");

    public Task AnnounceOne() => Configure($"network {SenderRoutes.One}");

    public Task WithdrawOne() => Configure($"no network {SenderRoutes.One}");

    public async ValueTask DisposeAsync()
    {
        if (_bgp is not null) await _bgp.DisposeAsync();
        if (_zebra is not null) await _zebra.DisposeAsync();
        PeerProgram.Run(networkNamespace, "ip", "route", "flush", "type", "blackhole");
    }

    private void AddKernelRoutes()
    {
        var batch = Path.Combine(folder, "routes");
        File.WriteAllLines(batch, SenderRoutes.Many(routes).Select(route => $"route add blackhole {route}"));
        PeerProgram.Run(networkNamespace, "ip", "-batch", batch);
    }

    private Task Configure(string line)
    {
        PeerProgram.Run(networkNamespace, PeerProgram.Find("frr", "/usr/bin/vtysh"), "--vty_socket", folder, "--config_dir", folder,
            "-c", "configure terminal", "-c", "router bgp 64500", "-c", "address-family ipv4 unicast", "-c", line);
        return Task.CompletedTask;
    }

    // The daemons insist that their user is of a group that need not exist here; "ip netns exec" gives them a view of the files in which root is of it.
    private PeerProgram Run(string program, string configuration, params string[] arguments)
    {
        var file = Path.Combine(folder, program + ".conf");
        File.WriteAllText(file, configuration + "\n");
        string[] command =
        [
            PeerProgram.Find("frr", "/usr/lib/frr/" + program), "-u", "root", "-g", "root", "-f", file, "-i", Path.Combine(folder, program + ".pid"),
            "--vty_socket", folder, "-P", "0", .. arguments,
        ];
        return new(networkNamespace, "sh", "-c", $"mount --bind {Groups} /etc/group && exec {string.Join(' ', command)}");
    }
}
