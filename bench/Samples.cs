using System.Diagnostics;

namespace OrleansLb.Bench;

/// <summary>Durations of one thing done many times.</summary>
internal sealed class Samples
{
    private readonly List<long> _ticks = [];
    private bool _sorted;

    public int Count => _ticks.Count;

    /// <summary>The one that was added last.</summary>
    public long Last { get; private set; }

    public void Add(long stopwatchTicks)
    {
        Last = stopwatchTicks;
        _ticks.Add(stopwatchTicks);
        _sorted = false;
    }

    public double MedianUs => QuantileUs(0.5);

    public double QuantileUs(double quantile)
    {
        if (!_sorted) _ticks.Sort();
        _sorted = true;
        var rank = (int)Math.Ceiling(quantile * _ticks.Count) - 1;
        return _ticks[Math.Clamp(rank, 0, _ticks.Count - 1)] * 1e6 / Stopwatch.Frequency;
    }
}
