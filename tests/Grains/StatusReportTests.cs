using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>What the grains tell the objects of the record besides services: counts, verdicts and announcements.</summary>
public sealed class StatusReportTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_pool_tells_its_object_who_holds_what_in_few_writes()
    {
        foreach (var i in Enumerable.Range(0, 5)) _cluster.Record.Put(Given.Service($"web/s{i}"));
        await _cluster.Until(() => _cluster.Record.Claims.Count == 5, "all hold an address");
        await _cluster.Until(() => _cluster.Record.ReportOf("front")?.Uses.Count == 5, Second, "the pool's object tells of all five");
        var report = _cluster.Record.ReportOf("front")!;
        Assert.Equal((11, 5, 6), ((int)report.Status.Families[0].Total, report.Status.Families[0].Held, (int)report.Status.Families[0].Free));
        Assert.Equal(["192.0.2.10", "192.0.2.14"], [report.Uses[0].Address.ToString(), report.Uses[^1].Address.ToString()]);
        Assert.InRange(_cluster.Record.PoolWrites, 1, 2);

        var writes = _cluster.Record.PoolWrites;
        _cluster.Record.Delete("web/s0");
        await _cluster.Until(() => _cluster.Record.ReportOf("front")?.Status.Families[0].Held == 4, Second, "the pool's object tells of the release");
        Assert.Equal(writes + 1, _cluster.Record.PoolWrites);
    }

    [Fact]
    public async Task Counts_that_could_not_be_written_are_written_when_the_record_is_back()
    {
        await _cluster.Until(() => _cluster.Record.ReportOf("front") is not null, Second, "the pool's object tells how it begins");
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Down = true;
        foreach (var _ in Enumerable.Range(0, 10)) _cluster.Advance(Second);
        _cluster.Record.Down = false;
        await _cluster.Until(() => _cluster.Record.ReportOf("front")?.Status.Families[0].Held == 1, Second, "the pool's object tells of the address");
    }

    [Fact]
    public async Task Each_object_gets_a_verdict_and_one_that_was_right_before_says_so()
    {
        var wrong = Given.Pool("front", "192.0.2.10-192.0.2.20", "192.0.2.15");
        _cluster.Record.Declare(wrong, Given.Pool("new", "192.0.2.20"), Given.Advertisement());
        await _cluster.Until(() => _cluster.Record.Verdicts?.Verdicts.Count == 3, Second, "three objects are judged");
        var verdicts = _cluster.Record.Verdicts!.Verdicts.ToDictionary(verdict => verdict.Object.Name);
        Assert.Equal((false, true, Reason.ConfigurationRefused), (verdicts["front"].Accepted, verdicts["front"].Live, verdicts["front"].Reason));
        Assert.EndsWith("What it said before stays live.", verdicts["front"].Message, StringComparison.Ordinal);
        Assert.Equal((false, false), (verdicts["new"].Accepted, verdicts["new"].Live));
        Assert.Equal((true, true, Reason.ConfigurationAccepted), (verdicts["all"].Accepted, verdicts["all"].Live, verdicts["all"].Reason));
        Assert.Equal([new NodeName("node1")], _cluster.Record.Verdicts.Nodes);
    }

    [Fact]
    public async Task An_object_of_a_rival_that_is_mended_gets_an_event_as_it_has_no_condition()
    {
        var theirs = Given.Pool("theirs", "192.0.2.30") with { Source = new("metallb.io/v1beta1", "IPAddressPool", "metallb-system", "theirs", "uid") };
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement(), theirs with { Ranges = [] });
        await _cluster.Until(() => _cluster.Record.Verdicts?.Verdicts.Count == 3, Second, "three objects are judged");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement(), theirs);
        await _cluster.Until(() => _cluster.Record.Events.Any(told => told is { Warning: false, Reason: "ConfigurationAccepted" }), Second,
            "the event is recorded");
        Assert.Equal("theirs", Assert.Single(_cluster.Record.Events, told => told.Reason == "ConfigurationAccepted").Regarding.Name);
    }

    [Fact]
    public async Task Who_announces_a_service_is_shown_until_it_is_gone()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"),
            Given.Advertisement() with { Interfaces = [new InterfaceSelector.Pattern("eth.*")] });
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await UntilShown(shown => shown is [{ Interfaces: ["eth0"] }], "the announcer is shown");
        Assert.Equal([new StatusObject.ServiceLayer2(new("web", "nginx"), new("node1"), ["eth0"])], Shown);

        await _cluster.Join("node2");
        await _cluster.Speakers["node1"].Kill();
        await UntilShown(shown => shown is [{ Node.Value: "node2" }], "what is shown follows the announcer");

        _cluster.Record.Delete("web/nginx");
        await UntilShown(shown => shown.Count == 0, "what is shown goes with the service");
    }

    [Fact]
    public async Task What_a_predecessor_left_behind_is_removed()
    {
        _cluster.Statuses.Leave(new StatusObject.ServiceLayer2(new("web", "gone"), new("node9"), []));
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await UntilShown(shown => shown is [{ Service.Name: "nginx" }], "the stray is removed");
    }

    private IReadOnlyList<StatusObject.ServiceLayer2> Shown => [.. _cluster.Statuses.All.OfType<StatusObject.ServiceLayer2>()];

    private Task UntilShown(Func<IReadOnlyList<StatusObject.ServiceLayer2>, bool> condition, string expectation) =>
        _cluster.Statuses.Changed.Until(() => condition(Shown), expectation, () => _cluster.Advance(Second));
}
