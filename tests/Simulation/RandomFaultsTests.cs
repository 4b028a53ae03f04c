using System.Globalization;

namespace OrleansLb.Simulation.Tests;

public sealed class RandomFaultsTests
{
    /// <summary>How many seeds are played; <c>SIMULATION_SEEDS</c> says otherwise, as a number or as a range such as 101-500.</summary>
    private const string DefaultSeeds = "20";

    public static TheoryData<int> Seeds => [.. Range(Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? DefaultSeeds)];

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
    }

    private static IEnumerable<int> Range(string seeds)
    {
        var bounds = seeds.Split('-').Select(bound => int.Parse(bound, CultureInfo.InvariantCulture)).ToList();
        var first = bounds.Count > 1 ? bounds[0] : 1;
        return Enumerable.Range(first, bounds[^1] - first + 1);
    }
}
