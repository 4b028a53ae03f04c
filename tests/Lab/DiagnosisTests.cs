using System.Net;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests;

/// <summary>A story that does not come out once in a thousand runs explains itself.</summary>
public sealed class DiagnosisTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_story_that_does_not_come_out_tells_what_each_part_believes_and_what_was_logged()
    {
        var told = await Fail(async (stage, _, cancellation) =>
        {
            await stage.Apply("orleanslb", cancellation);
            await stage.ExpectServed(cancellation);
            throw new UnexpectedException("the moon", "a cloud");
        });

        Assert.Contains("expected: the moon; seen: a cloud", told, StringComparison.Ordinal);
        ExpectUnder(told, "the API's Services:", "\"name\":\"web\"");
        ExpectUnder(told, "the API's AddressClaims:", "\"name\":\"web\"");
        ExpectUnder(told, "default/web as it was read:", "IsWanted = True");
        ExpectUnder(told, "explain default/web:", "\"reason\":\"AddressAssigned\"");
        ExpectUnder(told, "the set of routes:", "complete: True");
        ExpectUnder(told, "node1's plan:", "its speaker has");
        ExpectUnder(told, "lines of the log:", "The record says: ServiceChanged default/web");
        ExpectUnder(told, "lines of the log:", "A run of service default/web has ended; all is done: True");
    }

    [Fact]
    public async Task What_cannot_be_said_keeps_nothing_else_from_being_told()
    {
        var told = await Fail(async (stage, service, cancellation) =>
        {
            await stage.Apply("orleanslb", cancellation);
            await stage.ExpectServed(cancellation);
            await service.Delete("/api/v1/namespaces/default/services/web", cancellation);
            await Eventually.See("the Service forgotten", async () => await stage.Assigned(new("default", "web")) is null ? stage : null,
                () => Task.FromResult("it is known"), cancellation);
            throw new UnexpectedException("the moon", "a cloud");
        });

        ExpectUnder(told, "explain default/web:", "cannot be said");
        ExpectUnder(told, "lines of the log:", "The record says: ServiceGone default/web");
    }

    private static async Task<string> Fail(Func<LabStage, LabService, CancellationToken, Task> story)
    {
        await using var network = new MemoryNetwork(LabPlan.Of(2), TimeProvider.System);
        var log = LogSettings.Quiet with { Recent = new(1000, TimeProvider.System) };
        await using var service = await LabService.Start(network, null, new IPEndPoint(IPAddress.Loopback, 0), log, Stop);
        using var told = new StringWriter();
        await using var stage = new LabStage(network, service, new Narrator(told, bold: false), TimeProvider.System);
        await Assert.ThrowsAsync<UnexpectedException>(() => stage.Play(new("test", "", (stage, cancellation) => story(stage, service, cancellation)), Stop));
        return told.ToString();
    }

    private static void ExpectUnder(string told, string heading, string text)
    {
        var lines = told.Split('\n').SkipWhile(line => !line.TrimEnd().EndsWith(heading, StringComparison.Ordinal)).Skip(1);
        Assert.Contains(lines.TakeWhile(line => line.StartsWith("     ", StringComparison.Ordinal)), line => line.Contains(text, StringComparison.Ordinal));
    }
}
