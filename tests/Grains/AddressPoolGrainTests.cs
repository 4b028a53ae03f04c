using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class AddressPoolGrainTests : IAsyncLifetime
{
    private readonly FakeRecord _record = new();
    private readonly TestCluster _one;
    private readonly TestCluster _two;

    public AddressPoolGrainTests()
    {
        _one = new(services => Replace(services, _record));
        _two = new(services => Replace(services, _record));
        _record.Declare(Given.Pool("front", "192.0.2.0-192.0.2.99"));
    }

    public async ValueTask InitializeAsync() => await Task.WhenAll(_one.Silo.Start(), _two.Silo.Start());

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Two_activations_against_one_record_never_give_an_address_twice()
    {
        var pools = new[] { _one, _two }.Select(cluster => cluster.Grains.Pool(new("front"))).ToArray();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 110).Select(i => pools[i % 2].Allocate(Request($"web/s{i}"))));

        var given = outcomes.OfType<AllocationOutcome.Granted>().Select(granted => granted.Addresses[0]).ToList();
        Assert.Equal(100, given.Count);
        Assert.Equal(100, given.Distinct().Count());
        Assert.Equal(given.Order(), _record.Claims.Select(claim => claim.Address));
        Assert.All(outcomes.OfType<AllocationOutcome.Refused>(), refused => Assert.Equal(Reason.PoolExhausted, refused.Reason));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_found_out_by_the_next_one()
    {
        var pool = _one.Grains.Pool(new("front"));
        _record.LoseAnswer = _ => new RecordUnavailableException("The answer was lost.");
        var lost = Assert.IsType<AllocationOutcome.Refused>(await pool.Allocate(Request("web/a")));
        Assert.Equal(Reason.RecordUnavailable, lost.Reason);
        _record.LoseAnswer = null;

        var other = Assert.IsType<AllocationOutcome.Granted>(await pool.Allocate(Request("web/b")));
        var again = Assert.IsType<AllocationOutcome.Granted>(await pool.Allocate(Request("web/a")));
        Assert.Equal("192.0.2.0", again.Addresses[0].ToString());
        Assert.Equal("192.0.2.1", other.Addresses[0].ToString());
        Assert.Equal(2, _record.Claims.Count);
    }

    [Fact]
    public async Task The_order_of_release_outlives_the_activation()
    {
        _record.Declare(Given.Pool("front", "192.0.2.0-192.0.2.2") with { Order = AddressOrder.LeastRecentlyReleased });
        var (before, after) = (_one.Grains.Pool(new("front")), _two.Grains.Pool(new("front")));
        foreach (var service in new[] { "web/a", "web/b", "web/c" }) await before.Allocate(Request(service));
        foreach (var service in new[] { "web/b", "web/c", "web/a" }) await before.Release(ServiceName.Parse(service), $"uid-{service}", [], gone: true);
        var given = new List<string>();
        foreach (var service in new[] { "web/d", "web/e", "web/f" })
            given.Add(Assert.IsType<AllocationOutcome.Granted>(await after.Allocate(Request(service))).Addresses[0].ToString());
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.0"], given);
        Assert.All(_record.Claims, claim => Assert.Null(claim.Released));
    }

    [Fact]
    public async Task What_a_user_reserves_is_not_given_to_others()
    {
        _record.Put(new AddressClaim(Address.Parse("192.0.2.0"), new("front"), [], Reserved: new("web", "chosen")));
        var pool = _one.Grains.Pool(new("front"));
        var others = Assert.IsType<AllocationOutcome.Granted>(await pool.Allocate(Request("web/other")));
        var chosen = Assert.IsType<AllocationOutcome.Granted>(await pool.Allocate(Request("web/chosen")));
        Assert.Equal(("192.0.2.1", "192.0.2.0"), (others.Addresses[0].ToString(), chosen.Addresses[0].ToString()));
        Assert.True(await pool.Release(ServiceName.Parse("web/chosen"), "uid-web/chosen", [], gone: true));
        Assert.Contains(_record.Claims, claim => claim is { Reserved.Name: "chosen", Holders.Count: 0 });
    }

    private static AllocationRequest Request(string service) =>
        new(ServiceName.Parse(service), $"uid-{service}", [IpFamily.IPv4], [], [], new(null, "", []));

    private static void Replace(IServiceCollection services, FakeRecord record)
    {
        services.AddSingleton<IClusterFeed>(new FeedWithoutServices(record));
        services.AddSingleton<IClaimStore>(record);
    }
}
