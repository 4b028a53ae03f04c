using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>Who keeps a shared address after edits that came while nobody watched.</summary>
public sealed class SeniorityTests
{
    /// <summary>The holders in the order in which they came, each as name, key and port; and who keeps the address, whose claim has the key k.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Holders =>
    [
        new("web/a k 80, web/b k 81, web/c k 82", "web/a web/b web/c") { TestDisplayName = "all who get on" },
        new("web/b k 80, web/a k 80", "web/b") { TestDisplayName = "of two on one port the first" },
        new("web/a k 80, web/b k 80, web/c k 80", "web/a") { TestDisplayName = "of three on one port the first" },
        new("web/b - 80, web/a k 81", "web/a") { TestDisplayName = "who shares no more goes before those who do" },
        new("web/b m 80, web/a k 81, web/c m 82", "web/a") { TestDisplayName = "those who share under another key go" },
        new("web/b m 80, web/a m 81", "web/a web/b") { TestDisplayName = "all who share under another key together stay" },
        new("web/b m 80, web/a n 81", "web/b") { TestDisplayName = "of two new keys the first one's" },
        new("web/a k 80, web/b k 80, web/d k 81, web/c k 81", "web/a web/d") { TestDisplayName = "who has to go stands in nobody's way" },
    ];

    [Theory, MemberData(nameof(Holders))]
    public void The_same_ones_stay_whoever_is_served_first(string holders, string staying)
    {
        var requests = holders.Split(", ").Select(Request).ToList();
        foreach (var order in Orders(requests))
        {
            var claim = new AddressClaim(Address.Parse("192.0.2.10"), new("front"),
                [.. requests.Select(request => new ClaimHolder(request.Service, request.Uid))], "k", null, "1");
            var book = Given.Book(Given.Pool("front", "192.0.2.10-192.0.2.20"), claim);
            foreach (var request in requests) book.Learn(request.Service, request.Sharing);
            foreach (var request in order) Serve(book, request);
            Assert.Equal(staying, string.Join(' ', book.At(claim.Address)!.Holders.Select(holder => holder.Service).Order()));
        }
    }

    [Fact]
    public void Who_is_edited_while_all_is_well_gives_way_although_it_was_there_first()
    {
        var (first, second) = (Request("web/a k 80"), Request("web/b k 81"));
        var book = Given.Book(Given.Pool("front", "192.0.2.10-192.0.2.20"));
        foreach (var request in new[] { first, second })
        {
            book.Learn(request.Service, request.Sharing);
            Serve(book, request with { AfterStart = false });
        }
        Serve(book, first with { Sharing = second.Sharing, AfterStart = false });
        Assert.Equal("web/b", Assert.Single(book.At(Address.Parse("192.0.2.10"))!.Holders).Service.ToString());
    }

    [Fact]
    public void A_holder_that_is_gone_stands_in_nobodys_way()
    {
        var request = Request("web/b k 80");
        var claim = new AddressClaim(Address.Parse("192.0.2.10"), new("front"), [new(ServiceName.Parse("web/gone"), "u"), new(request.Service, request.Uid)],
            "m", null, "1");
        var book = Given.Book(Given.Pool("front", "192.0.2.10-192.0.2.20"), claim);
        book.Learn(ServiceName.Parse("web/gone"), new(null, "", []));
        Serve(book, request);
        Assert.True(book.At(claim.Address)!.IsHeldBy(request.Service));
    }

    private static void Serve(PoolBook book, AllocationRequest request)
    {
        var decision = Allocator.Decide(book, request);
        var granted = Assert.IsType<AllocationOutcome.Granted>(decision.Outcome);
        Given.Enter(book, decision.Changes);
        Given.Enter(book, Allocator.Release(book, request.Service, request.Uid, granted.Addresses, DateTimeOffset.UnixEpoch));
    }

    private static AllocationRequest Request(string holder)
    {
        var (name, key, port) =
            holder.Split(' ') is [var first, var second, var third] ? (first, second, third) : throw new ArgumentException(holder, nameof(holder));
        var terms = new SharingTerms(key == "-" ? null : key, "", [new(Transport.Tcp, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture))]);
        return Given.Request(name) with { Held = [Address.Parse("192.0.2.10")], Sharing = terms, AfterStart = true };
    }

    private static IEnumerable<List<T>> Orders<T>(List<T> items) =>
        items.Count <= 1 ? [items] : items.SelectMany((item, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (List<T>)[item, .. rest]));
}
