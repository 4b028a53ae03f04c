using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class ReservationTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    private IReservationGrain Reservations => _cluster.Grains.Reservations();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.12"), Given.Advertisement());
        _cluster.Record.Put(Given.Node("node1"));
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_reserved_address_goes_to_its_service_and_to_no_other()
    {
        Assert.True((await Reservations.Reserve(new(new("web", "a"), Address.Parse("192.0.2.10")))).IsDone);
        Assert.Equal(new Reservation("web", "a"), Assert.Single(_cluster.Record.Claims).Reserved);
        _cluster.Record.Put(Given.Service("web/b"));
        await _cluster.UntilAnnounced("web/b");
        _cluster.Record.Put(Given.Service("web/a"));
        await _cluster.UntilAnnounced("web/a");
        Assert.Equal(("192.0.2.10", "192.0.2.11"), (_cluster.AddressOf("web/a"), _cluster.AddressOf("web/b")));
    }

    [Fact]
    public async Task The_next_free_address_of_a_pool_is_reserved_once_for_each_request()
    {
        var reserved = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Reservations.Reserve(new(new("web", $"s{i}"), Pool: new("front")))));
        Assert.Equal(["192.0.2.10", "192.0.2.11", "192.0.2.12"],
            reserved.Where(outcome => outcome.IsDone).Select(outcome => outcome.Address.ToString()).Order());
        var refused = Assert.Single(reserved, outcome => !outcome.IsDone);
        Assert.Equal(Reason.PoolExhausted, refused.Reason);
    }

    [Fact]
    public async Task Asked_again_it_is_the_same_reservation_and_its_end_can_be_changed()
    {
        var address = Address.Parse("192.0.2.10");
        Assert.True((await Reservations.Reserve(new(new("web", "a"), address))).IsDone);
        var writes = _cluster.Record.Writes;
        Assert.True((await Reservations.Reserve(new(new("web", "a"), address))).IsDone);
        Assert.Equal(writes, _cluster.Record.Writes);
        var until = _cluster.Clock.GetUtcNow().AddHours(1);
        Assert.True((await Reservations.Reserve(new(new("web", "a", until), address))).IsDone);
        Assert.Equal(until, Assert.Single(_cluster.Record.Claims).Reserved?.Until);
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0, TimeSpan.FromMinutes(10), "it has run out");
    }

    [Fact]
    public async Task A_cancelled_reservation_frees_the_address_and_a_holder_keeps_it()
    {
        var address = Address.Parse("192.0.2.10");
        await Reservations.Reserve(new(new("web", "a"), address));
        Assert.True((await Reservations.Cancel(address)).IsDone);
        Assert.Empty(_cluster.Record.Claims);
        Assert.Equal(Reason.InvalidRequest, (await Reservations.Cancel(address)).Reason);

        await Reservations.Reserve(new(new("web", "a"), address));
        _cluster.Record.Put(Given.Service("web/a"));
        await _cluster.UntilAnnounced("web/a");
        Assert.True((await Reservations.Cancel(address)).IsDone);
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/a"));
        Assert.Null(Assert.Single(_cluster.Record.Claims).Reserved);
    }

    [Theory]
    [InlineData("192.0.2.10", "web", "b", Reason.AddressReserved, "192.0.2.10 is reserved for service web/a.")]
    [InlineData("192.0.2.11", "web", "b", Reason.AddressHeld, "192.0.2.11 is held by service web/held")]
    [InlineData("198.51.100.1", "web", "b", Reason.AddressOutsidePools, "198.51.100.1 is in no pool.")]
    [InlineData("192.0.2.12", null, "b", Reason.InvalidRequest, "names service b and no namespace")]
    public async Task What_cannot_be_reserved_is_refused_with_the_reason(string address, string? ns, string name, Reason reason, string message)
    {
        await Reservations.Reserve(new(new("web", "a"), Address.Parse("192.0.2.10")));
        _cluster.Record.Put(Given.Service("web/held"));
        await _cluster.UntilAnnounced("web/held");
        var refused = await Reservations.Reserve(new(new(ns, name), Address.Parse(address)));
        Assert.Equal((false, reason), (refused.IsDone, refused.Reason));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_cannot_be_met_says_what_it_lacks()
    {
        var nothing = new Reservation("web", "a");
        Assert.Equal(Reason.InvalidRequest, (await Reservations.Reserve(new(nothing))).Reason);
        Assert.Equal(Reason.PoolNotFound, (await Reservations.Reserve(new(nothing, Pool: new("none")))).Reason);
        Assert.Equal(Reason.FamilyNotInPool, (await Reservations.Reserve(new(nothing, Pool: new("front"), Family: IpFamily.IPv6))).Reason);
        Assert.Equal(Reason.InvalidRequest, (await Reservations.Reserve(new(nothing with { Until = _cluster.Clock.GetUtcNow() }, Pool: new("front")))).Reason);
        Assert.Equal(Reason.AddressOutsidePools, (await Reservations.Cancel(Address.Parse("198.51.100.1"))).Reason);
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_promised()
    {
        await _cluster.Grains.Pool(new("front")).Status();
        _cluster.Record.Down = true;
        Assert.Equal((false, Reason.RecordUnavailable),
            await Reservations.Reserve(new(new("web", "a"), Pool: new("front"))) is var outcome ? (outcome.IsDone, outcome.Reason) : default);
    }
}
