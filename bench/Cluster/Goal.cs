namespace OrleansLb.Bench.Cluster;

/// <summary>One figure to reach, and what MetalLB reached on the machine on which it was measured: that one is quoted, not measured here.</summary>
/// <param name="Name">What is measured, with its unit.</param>
/// <param name="Target">At most; null where there is only something to print.</param>
/// <param name="MetalLb">Null where it is not known.</param>
internal sealed record Goal(string Name, double? Target = null, double? MetalLb = null)
{
    /// <param name="runs">How many runs the figure comes from; null where it was measured once.</param>
    public BenchRow Row(double measured, int? runs)
    {
        var figures = new Dictionary<string, double> { ["measured"] = Math.Round(measured, 2) };
        if (runs is { } count) figures["runs"] = count;
        if (Target is { } target) figures["target"] = target;
        if (MetalLb is { } quoted) figures["metalLbQuoted"] = quoted;
        return new(Name, figures);
    }

    /// <summary>The measured figure over the target, by the name of the row.</summary>
    public KeyValuePair<string, double>? Ratio(double measured) => Target is > 0 and var target ? new(Name, Math.Round(measured / target, 2)) : null;
}
