using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>Random histories of one pool, beside an allocator that is too simple to be wrong.</summary>
public sealed class AllocatorLaws
{
    private static readonly AddressPool[] Shapes =
    [
        Given.Pool("front", "192.0.2.0-192.0.2.5"),
        Given.Pool("front", "192.0.2.3-192.0.2.9", "192.0.2.0-192.0.2.1"),
        Given.Pool("front", "192.0.2.0-192.0.2.5") with { AvoidBuggyAddresses = true },
        Given.Pool("front", "192.0.2.4"),
        Given.Pool("front", "192.0.2.0-192.0.2.5") with { Disabled = true },
    ];

    /// <summary>One step of a history: what, for which service, with which choice.</summary>
    public sealed record Step(byte What, byte Who, byte Choice);

    [Fact]
    public void A_history_never_gives_an_address_to_two_services_that_may_not_share_it_and_agrees_with_the_simple_allocator() =>
        Prop.ForAll<Step[]>(Agrees).QuickCheckThrowOnFailure();

    [Fact]
    public void Release_undoes_allocate() => Prop.ForAll<byte, byte>((held, shape) =>
    {
        var book = Given.Book(Shapes[shape % Shapes.Length]);
        for (var i = 0; i < held % 8; i++) Take(book, Request(i, 0, null));
        var before = book.Claims.ToHashSet();
        if (Take(book, Request(100, 0, null)) is AllocationOutcome.Granted) Let(book, Request(100, 0, null));
        return before.SetEquals(book.Claims);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_books_and_request_give_the_same_decision() => Prop.ForAll<Step[]>(steps =>
    {
        var book = Given.Book(Shapes[0]);
        foreach (var step in steps) Take(book, Request(step.Who % 9, step.Choice, null));
        var again = Given.Book(Shapes[0], [.. book.Claims.Reverse()]);
        foreach (var who in Enumerable.Range(0, 9)) again.Learn(Name(who), Request(who, 0, null).Sharing);
        return Enumerable.Range(0, 12).All(who => Allocator.Decide(book, Request(who, 0, null)).Outcome == Allocator.Decide(again, Request(who, 0, null)).Outcome);
    }).QuickCheckThrowOnFailure();

    private static bool Agrees(Step[] steps)
    {
        var (book, simple, shape) = (Given.Book(Shapes[0]), new SimpleAllocator(), Shapes[0]);
        foreach (var step in steps)
        {
            var request = Request(step.Who % 9, step.Choice, step.What % 5 == 1 ? (step.Choice % 10) : null);
            switch (step.What % 5)
            {
                case 0 or 1:
                    var expected = simple.Allocate(shape, request);
                    var outcome = Take(book, request);
                    if ((outcome as AllocationOutcome.Granted)?.Addresses[0] != expected) return false;
                    break;
                case 2:
                    simple.Release(request.Service);
                    Let(book, request);
                    break;
                case 3:
                    book.Configure(shape = Shapes[step.Choice % Shapes.Length]);
                    break;
                default:
                    book = Restarted(book, shape, simple);
                    break;
            }
            if (!simple.Matches(book)) return false;
        }
        return true;
    }

    /// <summary>A restart keeps claims and nothing else; services are heard again in any order.</summary>
    private static PoolBook Restarted(PoolBook book, AddressPool shape, SimpleAllocator simple)
    {
        var fresh = Given.Book(shape, [.. book.Claims]);
        foreach (var (service, terms) in simple.Terms) fresh.Learn(service, terms);
        return fresh;
    }

    private static ServiceName Name(int who) => new("web", $"s{who}");

    /// <summary>Services 0-2 share with nobody, 3-5 share under k on ports of their own, 6-8 share under k on one port.</summary>
    private static AllocationRequest Request(int who, int choice, int? wanted) => new(
        Name(who), $"uid-{who}", [IpFamily.IPv4],
        wanted is { } offset ? [Address.Parse($"192.0.2.{offset}")] : [],
        choice % 7 == 6 ? [Address.Parse($"192.0.2.{choice % 10}")] : [],
        new(who % 9 < 3 ? null : "k", "", [new(Transport.Tcp, who % 9 < 6 ? 80 + who : 443)]));

    private static AllocationOutcome Take(PoolBook book, AllocationRequest request)
    {
        var decision = Allocator.Decide(book, request);
        if (decision.Outcome is AllocationOutcome.Granted) book.Learn(request.Service, request.Sharing);
        Write(book, decision.Changes);
        if (decision.Outcome is AllocationOutcome.Granted granted) Write(book, Allocator.Release(book, request.Service, request.Uid, granted.Addresses));
        return decision.Outcome;
    }

    private static void Let(PoolBook book, AllocationRequest request) => Write(book, Allocator.Release(book, request.Service, request.Uid, []));

    private static void Write(PoolBook book, EquatableList<ClaimChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is { } after) book.Put(after);
            else book.Remove(change.Address);
        }
    }
}
