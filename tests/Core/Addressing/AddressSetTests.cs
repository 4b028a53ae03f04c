using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Tests.Addressing;

public sealed class AddressSetTests
{
    private static readonly AddressRange Narrow = AddressRange.Parse("192.0.2.0-192.0.2.40");

    /// <summary>Adds and removes at random, beside an ordinary set.</summary>
    [Fact]
    public void It_is_a_set_that_knows_its_gaps() => Prop.ForAll<(byte Offset, bool Add)[]>(steps =>
    {
        var (set, plain) = (AddressSet.Empty, new HashSet<Address>());
        foreach (var (offset, add) in steps)
        {
            var address = Narrow.First with { Value = Narrow.First.Value + (offset % 41u) };
            set = add ? set.Add(address) : set.Remove(address);
            _ = add ? plain.Add(address) : plain.Remove(address);
        }
        return All(Narrow).All(address => set.Contains(address) == plain.Contains(address))
            && All(Narrow).All(from => set.NextAbsent(Narrow, from) == Gap(plain, from));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void The_ends_of_a_family_can_be_added_and_removed(string text)
    {
        var address = Address.Parse(text);
        Assert.True(AddressSet.Empty.Add(address).Contains(address));
        Assert.False(AddressSet.Empty.Add(address).Remove(address).Contains(address));
    }

    [Fact]
    public void Outside_of_the_range_nothing_is_absent() =>
        Assert.Null(AddressSet.Empty.NextAbsent(Narrow, Address.Parse("192.0.3.0")));

    private static IEnumerable<Address> All(AddressRange range)
    {
        for (var value = range.First.Value; value <= range.Last.Value; value++) yield return range.First with { Value = value };
    }

    private static Address? Gap(HashSet<Address> plain, Address from)
    {
        foreach (var address in All(Narrow))
        {
            if (address >= from && !plain.Contains(address)) return address;
        }
        return null;
    }
}
