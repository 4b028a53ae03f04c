using System.Text.Json;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Lab.Tests;

/// <summary><c>orleanslb lab</c> as a process: its results for scripts, and that it leaves nothing behind.</summary>
public sealed class LabVerbTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("namespaces")]
    [InlineData("memory", "--memory")]
    public async Task Json_is_one_object_on_standard_output_and_the_story_is_on_standard_error(string segment, params string[] more)
    {
        var lab = (await RunningProgram.Run(Stop, ["lab", "--scenario", "failover", "--json", .. more])).Succeeded();

        using var report = JsonDocument.Parse(lab.Output);
        Assert.Equal(["ok", "build", "segment", "services", "failovers", "timelines"], report.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.True(report.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(segment, report.RootElement.GetProperty("segment").GetString());
        var service = Assert.Single(report.RootElement.GetProperty("services").EnumerateArray());
        Assert.Equal(["service", "addresses", "announcer", "createToAnnouncedMs"], service.EnumerateObject().Select(field => field.Name));
        var failover = Assert.Single(report.RootElement.GetProperty("failovers").EnumerateArray());
        Assert.Equal(["killed", "address", "newAnnouncer", "announcedMs", "trafficRestoredMs"], failover.EnumerateObject().Select(field => field.Name));
        Assert.Equal(service.GetProperty("announcer").GetString(), failover.GetProperty("killed").GetString());
        Assert.NotEqual(failover.GetProperty("killed").GetString(), failover.GetProperty("newAnnouncer").GetString());
        Assert.True(failover.GetProperty("announcedMs").GetDouble() > 0);
        Assert.Contains("Killing " + failover.GetProperty("killed").GetString(), lab.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_of_the_story_with_a_router_has_what_the_router_learned()
    {
        var lab = (await RunningProgram.Run(Stop, ["lab", "--scenario", "bgp", "--json"])).Succeeded();

        using var report = JsonDocument.Parse(lab.Output);
        Assert.Equal(["ok", "build", "segment", "services", "failovers", "timelines", "bgp"], report.RootElement.EnumerateObject().Select(field => field.Name));
        var bgp = report.RootElement.GetProperty("bgp");
        Assert.Equal(["router", "forwards", "sessions", "routes", "nodeDeath", "gracefulRestart"], bgp.EnumerateObject().Select(field => field.Name));
        Assert.StartsWith("BIRD", bgp.GetProperty("router").GetString(), StringComparison.Ordinal);
        Assert.All(bgp.GetProperty("routes").EnumerateArray(), route => Assert.Equal(3, route.GetProperty("nodes").GetArrayLength()));
        Assert.Equal(0, bgp.GetProperty("gracefulRestart").GetProperty("requests").GetProperty("lost").GetInt32());
        Assert.Contains("Killing node3", lab.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_takes_everything_down()
    {
        using var lab = RunningProgram.Start("lab", "--scenario", "orleanslb", "--keep");
        await Until(lab.StandardOutput, "Leaving it running until Ctrl-C");
        Assert.NotEmpty(NamespacesOf(lab.Id));

        (await Tool.Run("kill", ["-TERM", $"{lab.Id}"], Stop)).Succeeded();
        await lab.WaitForExitAsync(Stop);

        Assert.Equal(0, lab.ExitCode);
        Assert.Empty(NamespacesOf(lab.Id));
    }

    [Fact]
    public async Task What_a_killed_run_leaves_behind_the_next_one_takes_away()
    {
        using var lab = RunningProgram.Start("lab", "--scenario", "orleanslb", "--keep");
        await Until(lab.StandardOutput, "Starting the service");
        lab.Kill();
        await lab.WaitForExitAsync(Stop);
        Assert.NotEmpty(NamespacesOf(lab.Id));

        await NamespaceNames.SweepDead(Stop);

        Assert.Empty(NamespacesOf(lab.Id));
    }

    private static async Task Until(StreamReader story, string told)
    {
        while (await story.ReadLineAsync(Stop) is { } line)
        {
            if (line.Contains(told, StringComparison.Ordinal)) return;
        }
        Assert.Fail($"The story ended without '{told}'.");
    }

    private static IEnumerable<string> NamespacesOf(int process) =>
        Directory.GetFiles("/var/run/netns").Select(path => Path.GetFileName(path))
            .Where(name => NamespaceNames.TryParseOwner(name, out var owner) && owner == process);
}
