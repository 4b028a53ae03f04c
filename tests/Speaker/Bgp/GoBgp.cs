namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>A GoBGP in the router's namespace.</summary>
internal sealed class GoBgp : IAsyncDisposable
{
    private readonly BgpLab _lab;
    private readonly Daemon _daemon;

    /// <param name="neighbors">In GoBGP's TOML, after the global part.</param>
    public GoBgp(BgpLab lab, string neighbors)
    {
        _lab = lab;
        var file = Path.Combine(lab.Folder, "gobgp.toml");
        File.WriteAllText(file, "[global.config]\nas = 64501\nrouter-id = \"192.0.2.254\"\n" + neighbors);
        _daemon = new(lab.Namespace(BgpLab.Router), Daemon.Find("gobgpd", "/usr/bin/gobgpd"), "-f", file, "--api-hosts", "127.0.0.1:50051");
    }

    public string Ask(string command) => Daemon.Ask(_lab.Namespace(BgpLab.Router), Daemon.Find("gobgpd", "/usr/bin/gobgp"), command.Split(' '));

    public Task<string> Eventually(string command, Func<string, bool> right) => Daemon.Eventually(() => Ask(command), right);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();
}
