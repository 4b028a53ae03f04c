using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>Others who know nothing of these grains serve the same Services, as after a split of the cluster.</summary>
public sealed class SplitBrainTests : IAsyncLifetime
{
    private const string Web = "web/nginx";

    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task An_address_that_others_had_the_service_show_first_is_kept_and_the_own_one_let_go()
    {
        _cluster.Record.Outstrip(new AddressClaim(Address.Parse("192.0.2.17"), new("front"), [new(ServiceName.Parse(Web), $"uid-{Web}")]));
        _cluster.Record.Put(Given.Service(Web));
        await _cluster.Until(() => _cluster.AddressOf(Web) == "192.0.2.17" && _cluster.Record.Claims.Count == 1, TimeSpan.FromMilliseconds(10),
            "it shows the address that it showed first, and holds no other");
        Assert.Equal(Address.Parse("192.0.2.17"), _cluster.Record.Claims[0].Address);
        Assert.Null(_cluster.AnnouncerOf("192.0.2.10"));
    }
}
