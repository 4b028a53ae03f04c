using System.Diagnostics;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>The example program of samples/ClusterClient, beside the processes of a cluster.</summary>
public sealed class ClientSampleTests
{
    private static string Dll { get; } = Path.Combine(AppContext.BaseDirectory, "OrleansLb.ClusterClient.dll");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_where_a_service_is_and_goes_on_when_that_node_dies()
    {
        await using var cluster = await SiloCluster.Start(Stop, "node1", "node2");
        using var following = Start(cluster, "follow");
        try
        {
            await cluster.CreateService("a");
            var before = await cluster.Announced("a", _ => true, Stop);
            await Line(following, before.Announcer!);

            Assert.Contains("192.168.0.200", (await Run(cluster, "wait", "default/a")).Succeeded().Output, StringComparison.Ordinal);
            Assert.Contains(before.Announcer!, (await Run(cluster, "where", "default/a")).Succeeded().Output, StringComparison.Ordinal);
            Assert.Contains("default/a", (await Run(cluster, "who", "192.168.0.200")).Succeeded().Output, StringComparison.Ordinal);
            Assert.Contains("192.168.0.210 of pool office is reserved", (await Run(cluster, "reserve", "192.168.0.210", "default/b")).Succeeded().Output,
                StringComparison.Ordinal);
            Assert.Equal(1, (await Run(cluster, "where", "default/none")).Code);
            Assert.Equal(2, (await Run(cluster, "nonsense")).Code);

            await cluster.Kill(before.Announcer!);
            var after = await cluster.Announced("a", node => node != before.Announcer, Stop);
            await Line(following, after.Announcer!);
        }
        finally
        {
            following.Kill();
        }
    }

    private static Process Start(SiloCluster cluster, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Dll, .. arguments]) { RedirectStandardOutput = true };
        foreach (var (name, value) in Environment(cluster)) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Task<Tool.Result> Run(SiloCluster cluster, params string[] arguments) =>
        Tool.Run("env", [.. Environment(cluster).Select(setting => $"{setting.Key}={setting.Value}"), "dotnet", Dll, .. arguments], Stop);

    private static Dictionary<string, string> Environment(SiloCluster cluster) =>
        new() { ["KUBECONFIG"] = cluster.Kubeconfig, ["ORLEANSLB_NAMESPACE"] = "default" };

    private static async Task Line(Process process, string part)
    {
        while (await process.StandardOutput.ReadLineAsync(Stop) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal)) return;
        }
        Assert.Fail($"It ended and never said '{part}'.");
    }
}
