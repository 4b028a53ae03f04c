namespace OrleansLb.Bench.Cluster;

/// <summary>The rows of the cluster's benchmark, in the order in which they were measured.</summary>
internal sealed class Findings
{
    private readonly List<BenchRow> _rows = [];
    private readonly Dictionary<string, double> _ratios = [];

    public BenchResult Result => new("cluster", _rows, _ratios);

    public void Add(Goal goal, double measured, int? runs = null)
    {
        _rows.Add(goal.Row(measured, runs));
        if (goal.Ratio(measured) is { } ratio) _ratios[ratio.Key] = ratio.Value;
    }

    /// <summary>The median and the worst of several runs.</summary>
    public void Add(Goal median, Goal worst, Samples samples)
    {
        Add(median, samples.MedianUs / 1000, samples.Count);
        Add(worst, samples.QuantileUs(1) / 1000, samples.Count);
    }
}
