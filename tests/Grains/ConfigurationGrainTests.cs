using OrleansLb.Core.Configuration;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class ConfigurationGrainTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_wrong_object_gets_an_event_and_what_is_right_goes_on_working()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20", "192.0.2.15"), Given.Pool("rear", "192.0.2.30"), Given.Advertisement());
        await _cluster.Until(() => !_cluster.Record.Events.IsEmpty, "the fault is told");
        var told = Assert.Single(_cluster.Record.Events);
        Assert.Equal(("front", true, "ConfigurationRefused"), (told.Regarding.Name, told.Warning, told.Reason));
        Assert.StartsWith("spec.addresses[1]: 192.0.2.15 overlaps", told.Message, StringComparison.Ordinal);

        _cluster.Record.Put(Given.Service("web/old") with { Pool = new("front") });
        _cluster.Record.Put(Given.Service("web/new") with { Pool = new("rear") });
        await _cluster.UntilAnnounced("web/old");
        await _cluster.UntilAnnounced("web/new");
        Assert.Equal(("192.0.2.10", "192.0.2.30"), (_cluster.AddressOf("web/old"), _cluster.AddressOf("web/new")));
    }

    [Fact]
    public async Task The_same_fault_is_told_once()
    {
        var wrong = new DeclaredConfiguration([Given.Pool("front"), Given.Advertisement()], [], []);
        await _cluster.Grains.Configuration().Apply(wrong);
        var live = await _cluster.Grains.Configuration().Apply(wrong);
        Assert.Single(_cluster.Record.Events);
        Assert.Equal("front", Assert.Single(live.Pools).Name.Value);
    }

    [Fact]
    public async Task A_wrong_edit_leaves_what_was_live_although_the_memory_of_it_is_lost()
    {
        await _cluster.Until(() => _cluster.Record.FormWrites > 0, "what was accepted is kept");
        _cluster.Record.Declare(Given.Pool("front"), Given.Advertisement());
        await _cluster.Until(() => !_cluster.Record.Events.IsEmpty, "the fault is told");
        await _cluster.Silo.DropActivation(_cluster.Grains.Configuration());
        await _cluster.Silo.DropActivation(_cluster.Grains.Sync());
        await _cluster.Grains.Sync().Start();

        _cluster.Record.Put(Given.Service("web/new"));
        await _cluster.UntilAnnounced("web/new");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/new"));
        Assert.NotEmpty((await _cluster.Grains.Configuration().Current()).Refused);
    }

    [Fact]
    public async Task Status_counts_addresses_and_lists_services_nodes_and_problems()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.Grains.Configuration().Apply(new([Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Pool("empty"), Given.Advertisement()], [], []));
        var status = await _cluster.Grains.Status().Read();
        Assert.Equal(("web/nginx", "node1"), (status.Services[0].Service.ToString(), status.Services[0].Announcer!.Value.Value));
        Assert.Equal((11, 1, 10), ((int)status.Pools[0].Families[0].Total, status.Pools[0].Families[0].Held, (int)status.Pools[0].Families[0].Free));
        Assert.Equal(("node1", 1), (status.Nodes[0].Name.Value, status.Nodes[0].Load));
        Assert.Equal("empty", Assert.Single(status.Problems).Object.Name);
        Assert.True(status.Sync.Reading);
    }

    [Fact]
    public async Task What_a_service_asks_for_and_does_not_get_is_told_although_it_is_served()
    {
        var service = Given.Service("web/nginx");
        _cluster.Record.Put(
            service with { Problems = [new(new("v1", "Service", "web", "nginx"), "metadata.annotations", Severity.Warning, "not honoured yet.")] });
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Contains(_cluster.Record.Events,
            told => told is { Warning: true, Reason: "ConfigurationWarning", Message: "metadata.annotations: not honoured yet." });
    }
}
