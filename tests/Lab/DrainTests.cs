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
        Assert.All(world.Stage.Timelines, timeline => Assert.True(timeline.Holders.Select(span => span.Machine).Distinct().Count() == 2, string.Join(", ", timeline.Holders)));
    }
}
