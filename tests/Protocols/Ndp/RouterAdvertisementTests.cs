using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Protocols.Tests.Ndp;

public class RouterAdvertisementTests
{
    private const string Head = "8600 0000 40 00 0708 00000000 00000000";

    [Fact]
    public void It_is_written_without_anything_that_a_host_would_act_on()
    {
        var bytes = new byte[RouterAdvertisement.Length];
        new RouterAdvertisement(0).Write(bytes);
        Assert.Equal("86000000000000000000000000000000", Hex.Text(bytes));
    }

    [Theory]
    [InlineData(Head, 1800)]
    [InlineData(Head + "0101 020000000001", 1800)]
    public void It_is_read_with_and_without_options(string bytes, ushort lifetime)
    {
        Assert.True(RouterAdvertisement.TryRead(Hex.Bytes(bytes), out var advertisement));
        Assert.Equal(lifetime, advertisement.Lifetime);
    }

    [Theory]
    [InlineData("8500 0000 40 00 0708 00000000 00000000", "another type")]
    [InlineData("8601 0000 40 00 0708 00000000 00000000", "another code")]
    [InlineData("8600 0000 40 00 0708 00000000 000000", "too short")]
    [InlineData(Head + "0100 020000000001", "an option without length")]
    [InlineData(Head + "0102 020000000001", "an option that runs over")]
    [InlineData(Head + "01", "half an option")]
    public void What_the_rfc_drops_is_dropped(string bytes, string why) => Assert.False(RouterAdvertisement.TryRead(Hex.Bytes(bytes), out _), why);

    [Fact]
    public void No_bytes_throw() =>
        Prop.ForAll(Generators.Bytes.ToArbitrary(), bytes => { RouterAdvertisement.TryRead(bytes, out _); }).QuickCheckThrowOnFailure();
}
