using OrleansLb.Silo.Lab.Network;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Lab.Tests.Network;

/// <summary>How often the witness asks.</summary>
public sealed class WitnessTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(48)]
    [InlineData(500)]
    public void One_node_that_has_every_address_may_answer_every_question(int addresses)
    {
        var perSecond = addresses / Witness.IntervalFor(addresses).TotalSeconds;
        Assert.True(perSecond < new AskerLimitOptions().PerSecond, $"{perSecond} questions in a second");
    }

    [Fact]
    public void A_few_addresses_are_asked_for_every_20_ms() => Assert.Equal(TimeSpan.FromMilliseconds(20), Witness.IntervalFor(10));
}
