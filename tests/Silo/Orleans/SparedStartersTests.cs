using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

#pragma warning disable CS0618 // as in SparedStarters

/// <summary>When a vote on another silo is written, and when it is held back.</summary>
public sealed class SparedStartersTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);

    private readonly MembershipRows _table = new();
    private readonly EstablishedDeaths _deaths = new();
    private readonly MembershipClock _clock = new() { Now = Now };
    private readonly SparedStarters _spared;

    public SparedStartersTests()
    {
        var local = new Membership();
        var check = new ListenerCheck(new(() => local), new(() => local), _deaths, _clock, NullLogger<ListenerCheck>.Instance);
        _spared = new(_table, new(() => local), _deaths, check, Options.Create(new FailureDetectionOptions()), _clock, NullLogger<SparedStarters>.Instance);
    }

    [Theory]
    [InlineData(SiloStatus.Joining, 0, false)]
    [InlineData(SiloStatus.Joining, 59, false)]
    [InlineData(SiloStatus.Joining, 61, true)]
    [InlineData(SiloStatus.Created, 59, false)]
    [InlineData(SiloStatus.Active, 5, false)]
    [InlineData(SiloStatus.Active, 7, true)]
    public async Task A_silo_is_spared_while_it_starts(SiloStatus status, int secondsLater, bool written)
    {
        _table.Put(Row(2, status, started: Now));
        await _spared.ReadAll();
        _clock.Now += TimeSpan.FromSeconds(secondsLater);
        Assert.Equal(written, await Vote(Row(2, status, started: Now)));
        Assert.Equal(written ? 1 : 0, _table.Updates);
    }

    [Fact]
    public async Task One_that_started_long_ago_by_its_own_clock_is_not_spared_for_being_new_to_us()
    {
        var row = Row(2, SiloStatus.Active, started: Now - TimeSpan.FromHours(1));
        _table.Put(row);
        await _spared.ReadAll();
        Assert.True(await Vote(row));
    }

    [Fact]
    public async Task A_death_that_is_a_fact_is_written_at_any_time()
    {
        var row = Row(2, SiloStatus.Joining, started: Now);
        _table.Put(row);
        await _spared.ReadAll();
        _deaths.Add(row.SiloAddress);
        Assert.True(await Vote(row));
    }

    [Fact]
    public async Task A_silo_writes_its_own_row_and_that_of_its_predecessor_at_the_same_port()
    {
        var row = Row(1, SiloStatus.Joining, started: Now);
        var former = Row(1, SiloStatus.Active, started: Now, generation: 7);
        _table.Put(row, former);
        await _spared.ReadAll();
        Assert.True(await Vote(row));
        Assert.True(await Vote(former));
    }

    [Fact]
    public async Task Facts_about_silos_that_the_table_has_forgotten_are_forgotten()
    {
        _deaths.Add(Membership.Silo(2));
        await _spared.ReadAll();
        Assert.False(_deaths.Contains(Membership.Silo(2)));
    }

    private Task<bool> Vote(MembershipEntry row) => _spared.UpdateRow(row, "1", new(1, "1"));

    private static MembershipEntry Row(int last, SiloStatus status, DateTimeOffset started, int generation = 1) =>
        new() { SiloAddress = Membership.Silo(last, generation), SiloName = $"node{last}", Status = status, StartTime = started.UtcDateTime };
}
