using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>Whose death leaves something to others.</summary>
public sealed class DeathWatchTests
{
    private static readonly SiloAddress Dead = Membership.Silo(2);

    [Theory]
    [InlineData(SiloStatus.Active, true)]
    [InlineData(SiloStatus.ShuttingDown, false)]
    [InlineData(SiloStatus.Joining, false)]
    public void Only_a_silo_that_was_active_leaves_something(SiloStatus before, bool leaves) =>
        Assert.Equal(leaves, DeathWatch.HasHeirs(Dead, Membership.Of((Dead, before, "node2"), (Membership.Silo(3), SiloStatus.Active, "node3"))));

    [Theory]
    [InlineData(SiloStatus.Active, false)]
    [InlineData(SiloStatus.Joining, false)]
    [InlineData(SiloStatus.Dead, true)]
    public void What_a_node_had_is_for_its_younger_silo_where_there_is_one(SiloStatus younger, bool leaves) =>
        Assert.Equal(leaves,
            DeathWatch.HasHeirs(Dead, Membership.Of((Dead, SiloStatus.Active, "node2"), (Membership.Silo(2, generation: 2), younger, "node2"))));

    [Fact]
    public void A_silo_that_nobody_knew_leaves_nothing() => Assert.False(DeathWatch.HasHeirs(Dead, Membership.Of()));
}
