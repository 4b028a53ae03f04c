using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Pools;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>A pool's books follow the record, and their own writes come before older news.</summary>
public sealed class RecordedClaimsTests
{
    private static readonly AddressClaim Mine = Claim("192.0.2.10", "5", "web/mine");
    private static readonly AddressClaim Theirs = Claim("192.0.2.11", "6", "web/theirs");
    private readonly FakeRecord _record = new();
    private readonly PoolBook _book = new(new("front"));
    private readonly ClaimWriter _writer;
    private readonly RecordedClaims _claims;
    private readonly List<string> _told = [];

    public RecordedClaimsTests()
    {
        var filter = new FeedFilter(_book);
        _writer = new(_book, _record, filter, NullLogger.Instance);
        _claims = new(_book, _record, filter, _writer, () => _told.Add("all"), deprived => _told.Add(deprived is null
            ? "nobody"
            : $"lost by {string.Join(" and ", deprived.Select(holder => holder.Service))}"));
    }

    private static AddressClaim Claim(string address, string version, params string[] holders) => new(Address.Parse(address), new("front"),
        holders.Select(name => new ClaimHolder(ServiceName.Parse(name), $"uid-{name}")).ToEquatableList(), Version: version);

    [Fact]
    public async Task What_is_read_for_the_beginning_is_not_read_again()
    {
        _record.Down = true;
        Assert.False(await _claims.Read([Mine, Theirs]));
        await _claims.Known();
        Assert.Equal([Mine, Theirs], _book.Claims.OrderBy(claim => claim.Address));
        Assert.Equal(["all"], _told);
    }

    [Fact]
    public async Task What_could_not_be_read_is_read_when_it_is_needed_next()
    {
        _record.Down = true;
        await Assert.ThrowsAnyAsync<Exception>(_claims.Known);
        _record.Down = false;
        _record.Put(Mine);
        await _claims.Known();
        Assert.Equal(Mine.Address, Assert.Single(_book.Claims).Address);
    }

    public static IEnumerable<TheoryDataRow<string[], AddressClaim?, string[]>> Changes =>
    [
        new(["web/mine"], Claim("192.0.2.10", "6", "web/other"), ["lost by web/mine"]) { TestDisplayName = "another has it" },
        new(["web/mine"], null, ["lost by web/mine"]) { TestDisplayName = "it is gone" },
        new(["web/mine", "web/other"], Claim("192.0.2.10", "6", "web/other"), ["lost by web/mine"]) { TestDisplayName = "a sharer has it alone" },
        new(["web/mine"], Claim("192.0.2.10", "6", "web/mine", "web/other"), ["nobody"]) { TestDisplayName = "one more shares it" },
        new([], null, ["lost by "]) { TestDisplayName = "a reservation is gone, and the address free" },
        new(["web/mine"], Claim("192.0.2.10", "4", "web/other"), []) { TestDisplayName = "older than what is known" },
    ];

    [Theory, MemberData(nameof(Changes))]
    public async Task Who_loses_an_address_by_a_change_is_told(string[] holders, AddressClaim? after, string[] told)
    {
        var before = Claim("192.0.2.10", "5", holders);
        await _claims.Read([before]);
        _told.Clear();
        if (after is null) await _claims.Gone(before);
        else await _claims.Changed(after);
        Assert.Equal(told, _told);
    }

    [Fact]
    public async Task A_reading_that_lacks_what_was_just_written_here_takes_nothing_away_before_the_record_was_asked()
    {
        await _claims.Read([]);
        Assert.Equal(ClaimsWritten.Done, await _writer.Write([new(null, Mine)]));
        Assert.True(await _claims.Read([]));
        await _claims.Check();
        Assert.True(_book.At(Mine.Address)?.IsHeldBy(Mine.Holders[0].Service));
    }

    [Fact]
    public async Task What_was_just_written_here_and_is_gone_from_the_record_is_lost_once_that_was_asked()
    {
        await _claims.Read([]);
        await _writer.Write([new(null, Mine)]);
        _record.DeleteClaim("192.0.2.10");
        _told.Clear();
        Assert.True(await _claims.Read([]));
        Assert.NotNull(_book.At(Mine.Address));
        await _claims.Check();
        Assert.Null(_book.At(Mine.Address));
        Assert.Equal(["lost by web/mine"], _told);
    }

    [Fact]
    public async Task What_a_later_reading_lacks_that_was_read_before_is_lost()
    {
        await _claims.Read([Mine, Theirs]);
        _told.Clear();
        Assert.False(await _claims.Read([Theirs]));
        Assert.Equal(Theirs, Assert.Single(_book.Claims));
        Assert.Equal(["lost by web/mine", "nobody"], _told); // the other is heard of again
    }
}
