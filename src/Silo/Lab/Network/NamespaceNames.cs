using System.Globalization;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>The names of one run's network namespaces: <c>olb-PID-MACHINE</c>, so that a later run knows whose they were.</summary>
internal sealed class NamespaceNames(int process)
{
    private const string Prefix = "olb";

    /// <summary>Where <c>ip netns</c> keeps them.</summary>
    private const string Folder = "/var/run/netns";

    /// <summary>The namespace that the bridge stands in: nothing of the lab touches the machine's own network.</summary>
    public string Switch => Of("switch");

    public string Of(string machine) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{process}-{machine}");

    public static string PathOf(string name) => $"{Folder}/{name}";

    public static bool TryParseOwner(string name, out int process)
    {
        process = 0;
        return name.Split('-', 3) is [Prefix, var owner, { Length: > 0 }] && int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out process);
    }

    /// <summary>Deletes what runs that no longer live have left behind.</summary>
    public static async Task SweepDead(CancellationToken cancellation)
    {
        if (!Directory.Exists(Folder)) return;
        var dead =
            Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => TryParseOwner(name, out var owner) && !IsAlive(owner)).ToList();
        if (dead.Count > 0) await IpCommand.Batch(null, dead.Select(name => $"netns delete {name}"), cancellation);
    }

    private static bool IsAlive(int process) => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"));
}
