using System.Net;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Processes;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>A story of processes that does not come out explains itself too.</summary>
public sealed class ProcessDiagnosisTests
{
    [Fact]
    public async Task A_story_that_does_not_come_out_tells_what_each_process_believes_and_has_logged_and_what_the_API_has()
    {
        var scenario = new ProcessScenario("test", "", async (stage, _, cancellation) =>
        {
            await stage.Serve(2, cancellation);
            await stage.Cluster.Process(new("node2")).Stop(cancellation);
            throw new UnexpectedException("the moon", "a cloud");
        }, static _ => []);
        using var told = new StringWriter();
        var settings = new ProcessSettings(0, null, null, new(IPAddress.Loopback, 0), RouterKind.Bird);
        var lab = new ProcessLab(scenario, LabPlan.Of(2), settings, new(told, bold: false), TimeProvider.System);

        Assert.False((await lab.Play(TestContext.Current.CancellationToken)).Ok);

        var lines = told.ToString().Split('\n').Select(line => line.Trim()).ToList();
        Assert.Contains("expected: the moon; seen: a cloud", lines);
        ExpectUnder("the API's addressclaims:", "\"name\":\"s1\"");
        ExpectUnder("the API's siloclusters:", "node1");
        ExpectUnder("node1 says:", "ADDRESSES");
        ExpectUnder("node1 has logged:", "node1");
        ExpectUnder("node2 says:", "127.0.0.1:8480"); // that nobody is there

        void ExpectUnder(string heading, string text) => Assert.Contains(
            lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.EndsWith(':')),
            line => line.Contains(text, StringComparison.Ordinal));
    }
}
