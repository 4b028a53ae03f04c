using System.Text.Json;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary><c>orleanslb lab --processes</c>: a process on each node, and every way in which one can fail.</summary>
public sealed class ProcessLabTests
{
    [Fact]
    public async Task Every_fault_is_survived_and_measured()
    {
        var run = await RunningProgram.Run(TestContext.Current.CancellationToken, "lab", "--processes", "--scenario", "faults", "--nodes", "4", "--json");
        Assert.True(run.Code == 0, $"{run.Errors}\n{run.Output}");
        var report = JsonSerializer.Deserialize(run.Output, ProcessJson.Default.ProcessReport)!;
        Assert.Equal(
            ["process killed", "stopped in order", "process frozen", "link dropped", "cut off from the others", "API gone", "half of the nodes gone"],
            report.Faults.Select(fault => fault.Fault));
        foreach (var fault in report.Faults.Where(fault => fault.Fault != "API gone"))
        {
            Assert.True(fault.Addresses > 0, fault.Fault);
            Assert.InRange(fault.LastMs, fault.FirstMs, 15_000);
        }
    }

    [Fact]
    public async Task A_router_never_loses_a_route_over_a_restart_and_loses_that_to_a_dead_node_in_time()
    {
        var run = await RunningProgram.Run(TestContext.Current.CancellationToken, "lab", "--processes", "--scenario", "routers", "--json");
        Assert.True(run.Code == 0, $"{run.Errors}\n{run.Output}");
        var routers = JsonSerializer.Deserialize(run.Output, ProcessJson.Default.ProcessReport)!.Routers!;
        Assert.Equal(
            [
                "process killed", "process frozen", "link dropped", .. Enumerable.Repeat("restarted in order", 3),
                .. Enumerable.Repeat("restarted gracefully", 3), "killed with graceful restart",
            ],
            routers.Faults.Select(fault => fault.Fault));
        Assert.All(routers.Faults, fault => Assert.Equal(0, fault.Bare));
        Assert.All(routers.Faults.Where(fault => fault.Fault != "link dropped"), fault => Assert.Equal(0, fault.Requests.Lost));
        Assert.All(routers.Faults, fault => Assert.Equal(fault.Fault.Contains("graceful", StringComparison.Ordinal), fault.GoneMs is null));
        Assert.All(routers.Faults, fault => Assert.InRange(fault.Requests.ByNode.Count, 2, 3));
    }
}
