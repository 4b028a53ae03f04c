using System.Diagnostics.Metrics;
using OrleansLb.Silo.Telemetry;

namespace OrleansLb.Silo.Tests.Telemetry;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly Meter _meter = new($"Test.{Guid.NewGuid()}");
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests() => _collector = new(meter => meter.Name == _meter.Name);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_is_named_total_and_says_what_it_counts()
    {
        var replies = _meter.CreateCounter<long>("orleanslb.arp.replies", "{packet}", "ARP replies sent.\nPer interface: a\\b.");
        replies.Add(2, new KeyValuePair<string, object?>("network.interface.name", "eth0"));
        replies.Add(3, new KeyValuePair<string, object?>("network.interface.name", "eth0"));

        Assert.Equal("""
            # HELP orleanslb_arp_replies_total ARP replies sent.\nPer interface: a\\b.
            # TYPE orleanslb_arp_replies_total counter
            orleanslb_arp_replies_total{network_interface_name="eth0"} 5

            """, _collector.Write(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Label_values_are_escaped_and_labels_sorted_whatever_order_they_came_in()
    {
        var counter = _meter.CreateCounter<long>("c");
        counter.Add(1, new("b", "quote\" back\\ line\n"), new("a", 7));
        counter.Add(1, new("a", 7), new("b", "quote\" back\\ line\n"));

        Assert.Contains("c_total{a=\"7\",b=\"quote\\\" back\\\\ line\\n\"} 2\n", _collector.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_a_sum_and_a_count()
    {
        var histogram = _meter.CreateHistogram<double>("wait", "s", "Waited.", advice: new() { HistogramBucketBoundaries = [0.01, 0.1] });
        histogram.Record(0.01);
        histogram.Record(0.05);
        histogram.Record(7);

        Assert.Equal("""
            # HELP wait_seconds Waited.
            # TYPE wait_seconds histogram
            wait_seconds_bucket{le="0.01"} 1
            wait_seconds_bucket{le="0.1"} 2
            wait_seconds_bucket{le="+Inf"} 3
            wait_seconds_sum 7.06
            wait_seconds_count 3

            """, _collector.Write(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void An_up_down_counter_is_a_gauge_that_falls_too()
    {
        var held = _meter.CreateUpDownCounter<long>("held.count", "{address}");
        held.Add(5);
        held.Add(-2);

        Assert.Contains("# TYPE held_count gauge\nheld_count 3\n", _collector.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_observable_no_longer_reports_is_no_longer_written()
    {
        string[] nodes = ["a", "b"];
        _meter.CreateObservableGauge("load", () => nodes.Select(node => new Measurement<int>(1, new KeyValuePair<string, object?>("node", node))));
        Assert.Contains("load{node=\"b\"} 1", _collector.Write(), StringComparison.Ordinal);

        nodes = ["a"];
        var after = _collector.Write();

        Assert.Contains("load{node=\"a\"} 1", after, StringComparison.Ordinal);
        Assert.DoesNotContain("node=\"b\"", after, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_instruments_of_one_name_make_one_family()
    {
        _meter.CreateCounter<long>("twice").Add(1);
        _meter.CreateCounter<long>("twice").Add(2);

        var text = _collector.Write();

        Assert.Contains("twice_total 3\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line == "# TYPE twice_total counter");
    }

    [Fact]
    public void A_label_without_bounds_ends_in_one_overflow_series()
    {
        var counter = _meter.CreateCounter<long>("c");
        for (var i = 0; i < 2500; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));

        var text = _collector.Write();

        Assert.Contains("c_total{otel_metric_overflow=\"true\"} 500\n", text, StringComparison.Ordinal);
        Assert.Equal(2001, text.Split('\n').Count(line => line.StartsWith("c_total{", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("orleanslb.bgp.hold", "s", MetricType.Gauge, "orleanslb_bgp_hold_seconds")]
    [InlineData("process.memory", "By", MetricType.Gauge, "process_memory_bytes")]
    [InlineData("share", "1", MetricType.Gauge, "share_ratio")]
    [InlineData("requests_total", null, MetricType.Counter, "requests_total")]
    [InlineData("9lives", "{cat}", MetricType.Counter, "_9lives_total")]
    internal void Names_follow_the_rules(string name, string? unit, MetricType type, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(_meter.CreateCounter<int>(name, unit), type));
}
