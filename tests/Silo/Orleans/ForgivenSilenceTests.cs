using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>For how long a silo counts as silent when the API was away.</summary>
public sealed class ForgivenSilenceTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(1);

    private readonly MembershipRows _rows = new();
    private readonly MembershipClock _clock = new() { Now = Start };
    private readonly ForgivenSilence _table;

    public ForgivenSilenceTests() => _table = new(_rows, Options.Create(new FailureDetectionOptions()), _clock);

    [Theory]
    [InlineData(0, 60, 0, 0)] // it spoke when the outage began
    [InlineData(-4, 60, 0, 4)]
    [InlineData(-4, 60, 6, 10)] // and has said nothing since its end
    [InlineData(30, 60, 0, 0)] // it could speak when we could not hear
    [InlineData(30, 60, 16, 16)]
    [InlineData(63, 60, 5, 2)] // it has spoken since
    public async Task The_time_of_an_outage_is_no_silence(int spoke, int outage, int later, int silentFor)
    {
        await SilentFor(spoke);
        await Fail();
        Pass(outage);
        await SilentFor(spoke);
        Pass(later);
        Assert.Equal(silentFor, await SilentFor(spoke));
    }

    [Fact]
    public async Task Without_an_outage_silence_is_what_it_is()
    {
        await SilentFor(0);
        Pass(60);
        Assert.Equal(60, await SilentFor(0));
    }

    [Fact]
    public async Task Outages_with_little_time_between_them_are_one()
    {
        await SilentFor(0);
        for (var i = 0; i < 3; i++)
        {
            await Fail();
            Pass(20);
            Assert.Equal(0, await SilentFor(0));
        }
    }

    [Fact]
    public async Task A_later_outage_counts_from_its_own_beginning()
    {
        await SilentFor(0);
        await Fail();
        Pass(20);
        await SilentFor(0);
        Pass(40);
        await SilentFor(0);
        await Fail();
        Pass(20);
        Assert.Equal(60, await SilentFor(0)); // of the 80 s that are gone: whoever did not speak in the 40 s between is not spared for the first
    }

    private void Pass(int seconds) => _clock.Now += TimeSpan.FromSeconds(seconds);

    private async Task Fail()
    {
        _rows.Fault = new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(_table.ReadAll);
        _rows.Fault = null;
    }

    /// <summary>For how many seconds a silo that spoke so many after the start has been silent, as the table tells.</summary>
    private async Task<int> SilentFor(int spoke)
    {
        _rows.Put(new MembershipEntry { SiloAddress = Membership.Silo(2), Status = SiloStatus.Active, IAmAliveTime = Start.AddSeconds(spoke).UtcDateTime });
        var row = Assert.Single((await _table.ReadAll()).Members).Item1;
        return (int)(_clock.Now - new DateTimeOffset(row.IAmAliveTime)).TotalSeconds;
    }
}
