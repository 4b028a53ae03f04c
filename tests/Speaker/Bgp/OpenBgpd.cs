namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>An OpenBGPD in the router's namespace.</summary>
internal sealed class OpenBgpd : IAsyncDisposable
{
    private const string User = "_openbgpd", UserId = "65533";

    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly BgpLab _lab;
    private readonly Daemon _daemon;

    /// <param name="neighbours">In OpenBGPD's language, after the global part.</param>
    public OpenBgpd(BgpLab lab, string neighbours)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Network namespaces take Linux.");
        _lab = lab;
        var file = Path.Combine(lab.Folder, "bgpd.conf");
        File.WriteAllText(file, $"AS {Plan.RouterAsn}\nrouter-id {BgpLab.RouterAddress}\nsocket \"{Control}\"\nrde evaluate all\nconnect-retry "
            + $"1\n{neighbours}\nallow from any\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite); // it reads no file that others can
        File.SetUnixFileMode(lab.Folder, Open);
        var home = Directory.CreateDirectory(Path.Combine(lab.Folder, "empty"), Open).FullName;
        var (users, groups) = WriteUser(home);
        _daemon = new(lab.Namespace(BgpLab.Router), "sh", "-c",
            $"mount --bind {users} /etc/passwd && mount --bind {groups} /etc/group && exec {Daemon.Find("openbgpd", "/usr/sbin/bgpd")} -d -f {file}");
    }

    private string Control => Path.Combine(_lab.Folder, "bgpd.sock");

    public string Ask(string command) =>
        Daemon.Ask(_lab.Namespace(BgpLab.Router), Daemon.Find("openbgpd", "/usr/sbin/bgpctl"), ["-s", Control, .. command.Split(' ')]);

    public Task<string> Eventually(string command, Func<string, bool> right) => Daemon.Eventually(() => Ask(command), right);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    // It gives its rights up for a user whose home is its prison: in its own view of mounts it finds both.
    private (string Users, string Groups) WriteUser(string home)
    {
        var (users, groups) = (Path.Combine(_lab.Folder, "passwd"), Path.Combine(_lab.Folder, "group"));
        File.WriteAllText(users, $"root:x:0:0:root:/root:/bin/sh\n{User}:x:{UserId}:{UserId}::{home}:/usr/sbin/nologin\n");
        File.WriteAllText(groups, $"root:x:0:\n{User}:x:{UserId}:\n");
        return (users, groups);
    }
}
