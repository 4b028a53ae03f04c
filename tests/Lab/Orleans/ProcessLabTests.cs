using System.Text.Json;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary><c>orleanslb lab --processes</c>: a process on each node, and every way in which one can fail.</summary>
public sealed class ProcessLabTests
{
    [Fact]
    public async Task Every_fault_is_survived_and_measured()
    {
        var run = await RunningProgram.Run(TestContext.Current.CancellationToken, "lab", "--processes", "--nodes", "4", "--json");
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
}
