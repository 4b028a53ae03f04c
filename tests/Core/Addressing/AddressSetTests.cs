using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Tests.Addressing;

public sealed class AddressSetTests
{
    private static readonly AddressRange Narrow = AddressRange.Parse("192.0.2.0-192.0.2.40");

    /// <summary>Ranges within a word of the bitmap, across words, and long enough that words above them fill up.</summary>
    public static TheoryData<string> Ranges =>
        ["192.0.2.0-192.0.2.40", "192.0.1.250-192.0.3.5", "10.0.0.0/20", "255.255.240.0/20", "2001:db8::ffff:f000-2001:db8::1:0:fff",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:f000/116"];

    /// <summary>Adds and removes at random, beside an ordinary set.</summary>
    [Fact]
    public void It_is_a_set_that_knows_its_gaps() => Prop.ForAll<(byte Offset, bool Add)[]>(steps =>
    {
        var (set, plain) = (new AddressSet(), new HashSet<Address>());
        foreach (var (offset, add) in steps) Step(set, plain, At(Narrow, offset % 41), add);
        return Agree(set, plain, Narrow);
    }).QuickCheckThrowOnFailure();

    /// <summary>Fills a whole range in runs, then opens gaps in it, then fills them again.</summary>
    [Theory]
    [MemberData(nameof(Ranges))]
    public void Full_words_are_leapt_over(string text)
    {
        var range = AddressRange.Parse(text);
        var (set, plain) = (new AddressSet(), new HashSet<Address>());
        foreach (var address in All(range)) Step(set, plain, address, add: true);
        Assert.Null(set.NextAbsent(range, range.First));
        var random = new Random(4);
        for (var i = 0; i < 60; i++)
        {
            Step(set, plain, At(range, random.Next((int)range.Size)), add: i % 3 == 2);
            Assert.Equal(Gap(range, plain, range.First), set.NextAbsent(range, range.First));
        }
        Assert.True(Agree(set, plain, range));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void The_ends_of_a_family_can_be_added_and_removed(string text)
    {
        var (set, address) = (new AddressSet(), Address.Parse(text));
        set.Add(address);
        Assert.True(set.Contains(address));
        Assert.Null(set.NextAbsent(new(address, address), address));
        set.Remove(address);
        Assert.False(set.Contains(address));
        Assert.Equal(address, set.NextAbsent(new(address, address), address));
    }

    [Fact]
    public void Equal_numbers_of_two_families_are_two_addresses()
    {
        var set = new AddressSet();
        set.Add(Address.Parse("0.0.0.1"));
        Assert.False(set.Contains(Address.Parse("::1")));
    }

    [Fact]
    public void Outside_of_the_range_nothing_is_absent() =>
        Assert.Null(new AddressSet().NextAbsent(Narrow, Address.Parse("192.0.3.0")));

    private static void Step(AddressSet set, HashSet<Address> plain, Address address, bool add)
    {
        if (add) set.Add(address);
        else set.Remove(address);
        _ = add ? plain.Add(address) : plain.Remove(address);
    }

    private static bool Agree(AddressSet set, HashSet<Address> plain, AddressRange range)
    {
        Address? gap = null;
        foreach (var address in All(range).Reverse())
        {
            if (!plain.Contains(address)) gap = address;
            if (set.Contains(address) != plain.Contains(address) || set.NextAbsent(range, address) != gap) return false;
        }
        return true;
    }

    private static Address At(AddressRange range, int offset) => range.First with { Value = range.First.Value + (uint)offset };

    private static IEnumerable<Address> All(AddressRange range) => Enumerable.Range(0, (int)range.Size).Select(offset => At(range, offset));

    private static Address? Gap(AddressRange range, HashSet<Address> plain, Address from)
    {
        foreach (var address in All(range))
        {
            if (address >= from && !plain.Contains(address)) return address;
        }
        return null;
    }
}
