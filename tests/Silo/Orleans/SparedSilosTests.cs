using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

#pragma warning disable CS0618 // as in SparedSilos

/// <summary>When a vote on another silo is written, and when it is held back.</summary>
public sealed class SparedSilosTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);

    private readonly MembershipRows _table = new();
    private readonly EstablishedDeaths _deaths = new();
    private readonly MembershipClock _clock = new() { Now = Now };
    private readonly Pulse _pulse = new();
    private readonly FailureDetectionOptions _options = new();
    private readonly SparedSilos _spared;

    public SparedSilosTests()
    {
        var local = new Membership();
        var check = new ListenerCheck(new(() => local), new(() => local), _deaths, _clock, NullLogger<ListenerCheck>.Instance);
        _spared = new(_table, new(() => local), _deaths, check, _pulse, Options.Create(_options), _clock, NullLogger<SparedSilos>.Instance);
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

    [Fact]
    public async Task One_that_is_silent_while_its_process_runs_is_spared_for_a_while()
    {
        var row = await Old(2);
        _pulse.Alive.Add(row.SiloAddress);
        for (var waited = TimeSpan.Zero; waited < _options.Reprieve; waited += TimeSpan.FromMilliseconds(100))
        {
            Assert.False(await Vote(row));
            _clock.Now += TimeSpan.FromMilliseconds(100);
        }
        Assert.True(await Vote(row));
        Assert.True(await Vote(row));
        Assert.Equal(2, _table.Updates);
    }

    [Fact]
    public async Task One_that_came_round_is_spared_again_when_it_is_silent_once_more()
    {
        var row = await Old(2);
        _pulse.Alive.Add(row.SiloAddress);
        Assert.False(await Vote(row));
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.False(await Vote(row));
        _clock.Now += _options.Reprieve - TimeSpan.FromMilliseconds(100);
        Assert.False(await Vote(row));
        _clock.Now += TimeSpan.FromMilliseconds(100);
        Assert.True(await Vote(row));
    }

    [Fact]
    public async Task One_whose_process_does_not_answer_either_is_not_spared()
    {
        var (frozen, slow) = (await Old(2), Membership.Silo(3));
        _pulse.Alive.Add(slow);
        Assert.True(await Vote(frozen));
    }

    [Fact]
    public async Task A_death_that_is_a_fact_is_written_whatever_answers_at_the_port()
    {
        var row = await Old(2);
        _pulse.Alive.Add(row.SiloAddress);
        _deaths.Add(row.SiloAddress);
        Assert.True(await Vote(row));
        Assert.Equal(0, _pulse.Asked);
    }

    [Fact]
    public async Task Nobody_is_asked_where_nobody_is_to_be_spared()
    {
        _options.Reprieve = TimeSpan.Zero;
        var row = await Old(2);
        _pulse.Alive.Add(row.SiloAddress);
        Assert.True(await Vote(row));
        Assert.Equal(0, _pulse.Asked);
    }

    /// <summary>In the table, and no starter any more.</summary>
    private async Task<MembershipEntry> Old(int last)
    {
        var row = Row(last, SiloStatus.Active, started: Now - TimeSpan.FromHours(1));
        _table.Put(row);
        await _spared.ReadAll();
        return row;
    }

    private Task<bool> Vote(MembershipEntry row) => _spared.UpdateRow(row, "1", new(1, "1"));

    private static MembershipEntry Row(int last, SiloStatus status, DateTimeOffset started, int generation = 1) =>
        new() { SiloAddress = Membership.Silo(last, generation), SiloName = $"node{last}", Status = status, StartTime = started.UtcDateTime };

    private sealed class Pulse : IPulseCheck
    {
        public HashSet<SiloAddress> Alive { get; } = [];

        public int Asked { get; private set; }

        public Task<bool> Answers(SiloAddress silo)
        {
            Asked++;
            return Task.FromResult(Alive.Contains(silo));
        }
    }
}
