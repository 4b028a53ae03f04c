using OrleansLb.Core.Addressing;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>A routing daemon on the lab's router: started with a plan, asked through its own client program, killed at the end.</summary>
internal abstract class LabRouter(RouterPlan plan) : IAsyncDisposable
{
    private readonly List<NamespaceProgram> _programs = [];

    /// <summary>As which daemon of which version, in its own words.</summary>
    public abstract Task<string> Version(CancellationToken cancellation);

    /// <summary>
    /// The name under which the kernel keeps the routes that it installs; null when it installs none, and why is in <see cref="NotForwarding"/>.
    /// </summary>
    public virtual string? KernelProtocol => null;

    /// <summary>Why traffic cannot go through it; null when it can.</summary>
    public virtual string? NotForwarding => null;

    /// <summary>Every path that it has learned.</summary>
    public abstract Task<IReadOnlyList<LearnedRoute>> Routes(CancellationToken cancellation);

    /// <summary>Whether its session with the node is established, as it sees it.</summary>
    public abstract Task<bool> HasSession(Address node, CancellationToken cancellation);

    /// <summary>Why it does not run any more; null while it does.</summary>
    public string? Ended => _programs.Select(program => program.Ended).FirstOrDefault(ended => ended is not null);

    protected RouterPlan Plan => plan;

    /// <summary>The programs that a daemon is made of, each with the Debian package that brings it and where that puts it.</summary>
    public static IEnumerable<(string Package, string Path)> ProgramsOf(RouterKind kind) => kind switch
    {
        RouterKind.Bird => [("bird2", "/usr/sbin/bird"), ("bird2", "/usr/sbin/birdc")],
        RouterKind.Frr => [("frr", "/usr/lib/frr/zebra"), ("frr", "/usr/lib/frr/bgpd"), ("frr", "/usr/bin/vtysh")],
        RouterKind.GoBgp => [("gobgpd", "/usr/bin/gobgpd"), ("gobgpd", "/usr/bin/gobgp")],
        _ => [("openbgpd", "/usr/sbin/bgpd"), ("openbgpd", "/usr/sbin/bgpctl")],
    };

    /// <summary>It writes what it learns into its kernel.</summary>
    public static bool CanForward(RouterKind kind) => kind is RouterKind.Bird or RouterKind.Frr;

    public static async Task<LabRouter> Start(RouterKind kind, RouterPlan plan, CancellationToken cancellation)
    {
        LabRouter router = kind switch
        {
            RouterKind.Frr => new FrrRouter(plan),
            RouterKind.GoBgp => new GoBgpRouter(plan),
            RouterKind.OpenBgpd =>
                OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException("The router takes network namespaces.") : new OpenBgpdRouter(plan),
            _ => new BirdRouter(plan),
        };
        try
        {
            await router.Start(cancellation);
            return router;
        }
        catch
        {
            await router.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        _programs.Clear();
    }

    /// <summary>Writes the configuration and starts the daemon.</summary>
    protected abstract Task Start(CancellationToken cancellation);

    protected void Run(params IReadOnlyList<string> command) => _programs.Add(NamespaceProgram.Start(plan.Namespace, command));

    protected Task<string> Ask(CancellationToken cancellation, params IReadOnlyList<string> command) =>
        NamespaceProgram.Ask(plan.Namespace, command, cancellation);

    /// <summary>
    /// A command for a daemon that insists on users or groups which this machine does not have: in its own view of mounts, and nowhere else, files of the
    /// lab stand in for the machine's.
    /// </summary>
    protected static IReadOnlyList<string> WithFiles(IEnumerable<(string Ours, string Machines)> files, IReadOnlyList<string> command) =>
        ["sh", "-c", string.Concat(files.Select(file => $"mount --bind {file.Ours} {file.Machines} && ")) + "exec \"$@\"", "sh", .. command];
}
