using System.Diagnostics;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Bench;

/// <summary>A node and a client, each a network namespace with an eth0, joined by one veth pair.</summary>
internal sealed class VethPair : IDisposable
{
    private readonly string _prefix = $"olb-bench-{Environment.ProcessId}";

    public VethPair()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            throw new BenchException("This benchmark makes network namespaces: it takes Linux and root.");
        try
        {
            Ip($"netns add {NodeName}");
            Ip($"netns add {ClientName}");
            Ip($"link add eth0 netns {NodeName} type veth peer name eth0 netns {ClientName}");
            SetUp(NodeName, 1);
            SetUp(ClientName, 2);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Node => new(NodeName);

    public NetworkNamespace Client => new(ClientName);

    private string NodeName => $"{_prefix}-node";

    private string ClientName => $"{_prefix}-client";

    public void Dispose()
    {
        foreach (var name in new[] { NodeName, ClientName })
        {
            if (File.Exists($"/var/run/netns/{name}")) Ip($"netns del {name}");
        }
    }

    private static void SetUp(string name, int host)
    {
        Ip($"-n {name} addr add 192.0.2.{host}/24 dev eth0");
        Ip($"-n {name} addr add fd77::{host}/64 dev eth0 nodad");
        Ip($"-n {name} link set eth0 up");
    }

    private static void Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments.Split(' ')) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new BenchException($"'ip {arguments}' failed: {errors.Trim()}");
    }
}
