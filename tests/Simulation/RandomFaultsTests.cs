namespace OrleansLb.Simulation.Tests;

public sealed class RandomFaultsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Whatever_happens_the_cluster_comes_right_in_the_end(int seed)
    {
        await using var world = new World(seed);
        await world.Begin();
        for (var step = 0; step < 60; step++) await world.Step();
        try
        {
            await world.End();
        }
        catch (Exception fault)
        {
            Assert.Fail($"{fault.Message} ({world.IsRight()}); {await world.Describe()}; {world.Story}");
        }
        Assert.Null(world.IsRight());
    }
}
