using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>Random histories of one pool, beside an allocator that is too simple to be wrong.</summary>
public sealed class AllocatorLaws
{
    private static readonly AddressPool Plain = Given.Pool("front", "192.0.2.0-192.0.2.5");

    private static readonly AddressPool[] Shapes =
    [
        Plain,
        Given.Pool("front", "192.0.2.3-192.0.2.9", "192.0.2.0-192.0.2.1"),
        Plain with { AvoidBuggyAddresses = true },
        Given.Pool("front", "192.0.2.4"),
        Plain with { Disabled = true },
        Plain with { Draining = true },
        Plain with { Order = AddressOrder.RoundRobin },
        Given.Pool("front", "192.0.2.3-192.0.2.9", "192.0.2.0-192.0.2.1") with { Order = AddressOrder.RoundRobin, AvoidBuggyAddresses = true },
        Plain with { Order = AddressOrder.LeastRecentlyReleased },
        Plain with { Order = AddressOrder.LeastRecentlyReleased, AvoidBuggyAddresses = true },
        Plain with { Quota = new(2, [new("db", 1)]) },
        Plain with { Retention = TimeSpan.FromMinutes(3) },
        Plain with { SharedAcrossNamespaces = false },
    ];

    /// <summary>One step of a history: what, for which service, with which choice.</summary>
    public sealed record Step(byte What, byte Who, byte Choice);

    [Fact]
    public void A_history_agrees_with_the_simple_allocator() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(60), Prop.ForAll<Step[]>(steps => new History(Shapes).Agrees(steps)));

    [Fact]
    public void Release_undoes_allocate() => Prop.ForAll<byte, byte>((held, shape) =>
    {
        var history = new History([Shapes[shape % Shapes.Length] with { Retention = null }]);
        for (var i = 0; i < held % 8; i++) history.Take(History.Request(i, 0, null));
        var before = history.Book.Claims.ToHashSet();
        if (history.Take(History.Request(100, 0, null)) is AllocationOutcome.Granted) history.Let(History.Request(100, 0, null));
        return before.SetEquals(history.Book.Claims.Where(claim => !claim.IsResting));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_books_and_request_give_the_same_decision() => Prop.ForAll<Step[]>(steps =>
    {
        var history = new History(Shapes);
        foreach (var step in steps) history.Take(History.Request(step.Who % 9, step.Choice, null));
        var again = Given.Book(Shapes[0], [.. history.Book.Claims.Reverse()]);
        foreach (var who in Enumerable.Range(0, 9)) again.Learn(History.Name(who), History.Request(who, 0, null).Sharing);
        return Enumerable.Range(0, 12).All(who =>
            Allocator.Decide(history.Book, History.Request(who, 0, null)).Outcome == Allocator.Decide(again, History.Request(who, 0, null)).Outcome);
    }).QuickCheckThrowOnFailure();

    /// <summary>A pool's books and the oracle, led through the same steps.</summary>
    private sealed class History(AddressPool[] shapes)
    {
        private readonly SimpleAllocator _simple = new();
        private AddressPool _shape = shapes[0];
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public PoolBook Book { get; private set; } = Given.Book(shapes[0]);

        public bool Agrees(Step[] steps) => steps.All(step => Follow(step) && _simple.Matches(Book));

        public AllocationOutcome Take(AllocationRequest request)
        {
            var decision = Allocator.Decide(Book, request);
            if (decision.Outcome is AllocationOutcome.Granted) Book.Learn(request.Service, request.Sharing);
            Write(decision.Changes);
            if (decision.Outcome is AllocationOutcome.Granted granted) Write(Allocator.Release(Book, request.Service, request.Uid, granted.Addresses, _now));
            return decision.Outcome;
        }

        public void Let(AllocationRequest request) => Write(Allocator.Release(Book, request.Service, request.Uid, [], _now, gone: true));

        public static ServiceName Name(int who) => new(who % 2 == 0 ? "web" : "db", $"s{who}");

        /// <summary>Services 0-2 share with nobody, 3-5 share under k on ports of their own, 6-8 share under k on one port.</summary>
        public static AllocationRequest Request(int who, int choice, int? wanted) => new(
            Name(who), $"uid-{who}", [IpFamily.IPv4],
            wanted is { } offset ? [At(offset)] : [],
            choice % 7 == 6 ? [At(choice)] : [],
            new(who % 9 < 3 ? null : "k", "", [new(Transport.Tcp, who % 9 < 6 ? 80 + who : 443)]));

        private bool Follow(Step step)
        {
            var request = Request(step.Who % 9, step.Choice, step.What % 8 == 1 ? step.Choice % 10 : null);
            switch (step.What % 8)
            {
                case 0 or 1:
                    var expected = _simple.Allocate(_shape, request);
                    return (Take(request) as AllocationOutcome.Granted)?.Addresses[0] == expected;
                case 2:
                    _simple.Release(_shape, request.Service, _now);
                    Let(request);
                    break;
                case 3:
                    Book.Configure(_shape = shapes[step.Choice % shapes.Length]);
                    Write(Allocator.Rested(Book).Select(ClaimChange.Rested).ToEquatableList());
                    _simple.Configure(_shape);
                    break;
                case 4:
                    Restart();
                    break;
                case 5:
                    var conflict = new AddressConflict(At(step.Choice), default, new("node1"), "eth0", InUse: step.Who % 2 == 0);
                    Write(Allocator.Quarantine(Book, conflict, _now));
                    _simple.Quarantine(conflict, _now + ConflictRule.Default.Quarantine);
                    break;
                case 6:
                    _now += TimeSpan.FromMinutes(step.Choice % 12);
                    Write(Allocator.Expire(Book, _now));
                    _simple.Expire(_shape, _now);
                    break;
                default:
                    Reserve(At(step.Choice), new(request.Service.Namespace, step.Who % 3 == 0 ? null : request.Service.Name,
                        step.Who % 4 == 0 ? _now + TimeSpan.FromMinutes(5) : null));
                    break;
            }
            return true;
        }

        /// <summary>A restart keeps claims and nothing else; services are heard again in any order.</summary>
        private void Restart()
        {
            Book = Given.Book(_shape, [.. Book.Claims.OrderBy(claim => claim.Address)]);
            foreach (var (service, terms) in _simple.Terms) Book.Learn(service, terms);
            _simple.Restart();
        }

        private void Reserve(Address address, Reservation reservation)
        {
            _simple.Reserve(address, reservation);
            if (Book.At(address) is null or { IsResting: true }) Book.Put(new(address, Book.Name, [], Reserved: reservation));
        }

        private void Write(EquatableList<ClaimChange> changes) => Given.Enter(Book, changes);

        private static Address At(int choice) => Address.Parse($"192.0.2.{choice % 10}");
    }
}
