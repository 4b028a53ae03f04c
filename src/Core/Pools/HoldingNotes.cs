using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Pools;

/// <summary>Says what a service holds, and what is unusual about it.</summary>
public static class HoldingNotes
{
    public static string Describe(IReadOnlyCollection<Holding> holdings, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var held = string.Join(" and ", holdings.Select(holding => $"{holding.Address} of pool {holding.Pool}"));
        return string.Join(' ', holdings.Select(holding => Note(holding, configuration)).OfType<string>().Distinct().Prepend($"{held}."));
    }

    /// <summary>Null when the pool would give the address today.</summary>
    private static string? Note(Holding holding, ClusterConfiguration configuration) =>
        configuration.Pools.FirstOrDefault(pool => pool.Name == holding.Pool) switch
    {
        null => $"Pool {holding.Pool} is not configured any more: the address is kept until the service lets it go.",
        { Draining: true } => $"Pool {holding.Pool} is draining, but no other pool has an address for the service.",
        { } pool when !pool.Contains(holding.Address) => pool.Reallocates
            ? $"Pool {holding.Pool} has {holding.Address} no longer, but it has no other address for the service."
            : $"Pool {holding.Pool} has {holding.Address} no longer: the address is kept until the service lets it go.",
        _ => null,
    };
}
