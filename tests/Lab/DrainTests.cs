namespace OrleansLb.Lab.Tests;

/// <summary>A living node hands over what it announces, under load.</summary>
public sealed class DrainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drain_and_a_move_back_lose_no_request_of_either_family()
    {
        await using var world = await LabWorld.Make(Stop);

        await world.Play("drain", Stop);

        Assert.Equal(2, world.Stage.Requests.Count);
        Assert.All(world.Stage.Requests, address =>
        {
            Assert.Equal(0, address.Requests.Lost);
            Assert.Equal(2, address.Requests.ByNode.Count);
        });
        var status = await world.Service.Get("/orleanslb/v1/status", Stop);
        Assert.Equal(world.Stage.Requests.Select(address => address.Address),
            status["addresses"]!.AsArray().Select(address => address!["address"]!.GetValue<string>()));
        Assert.All(status["addresses"]!.AsArray(), address =>
        {
            Assert.Equal("default/dual", Assert.Single(address!["services"]!.AsArray())!.GetValue<string>());
            Assert.Equal(world.Stage.Served[0].Announcer, address["holder"]!.GetValue<string>()); // it was moved back
            Assert.True(address["epoch"]!.GetValue<long>() > 0);
            Assert.NotNull(address["since"]);
        });
        Assert.All(world.Stage.Timelines,
            timeline => Assert.True(timeline.Holders.Select(span => span.Machine).Distinct().Count() == 2, string.Join(", ", timeline.Holders)));
    }
}
