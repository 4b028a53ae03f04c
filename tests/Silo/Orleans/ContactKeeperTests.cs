using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>A silo without neighbours has the membership alone to tell it that it is still one.</summary>
public sealed class ContactKeeperTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SiloStatus.Active, false, true)]
    [InlineData(SiloStatus.Active, true, false)]
    [InlineData(SiloStatus.Dead, false, false)]
    [InlineData(SiloStatus.None, false, false)]
    public async Task Its_word_counts_when_it_can_be_read_and_the_silo_lives(SiloStatus status, bool fails, bool counts)
    {
        var membership = new Membership { Fault = fails ? new IOException("The API is away.") : null };
        if (status != SiloStatus.None) membership.CurrentSnapshot = Membership.Of((membership.SiloAddress, status, membership.Name));
        var word = new ClusterWord();
        var began = TimeProvider.System.GetTimestamp();
        using var keeper = new ContactKeeper(membership, membership, null!, word, TimeProvider.System, NullLogger<ContactKeeper>.Instance);

        await keeper.StartAsync(Stop);
        await membership.RefreshedTwice.WaitAsync(Stop);
        await keeper.StopAsync(Stop);

        Assert.Equal(counts, word.AskedAt >= began);
        if (!counts) Assert.Equal(0, word.AskedAt); // a process that works with others has none before it was given one
    }
}
