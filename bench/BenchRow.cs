namespace OrleansLb.Bench;

/// <summary>The figures of one contestant, by name and in their order.</summary>
internal sealed record BenchRow(string Name, IReadOnlyDictionary<string, double> Figures)
{
    public Dictionary<string, object> Flat()
    {
        var flat = new Dictionary<string, object> { ["name"] = Name };
        foreach (var (name, figure) in Figures) flat[name] = figure;
        return flat;
    }
}
