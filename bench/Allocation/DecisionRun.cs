using System.Diagnostics;
using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;

namespace OrleansLb.Bench.Allocation;

/// <summary>A /16 pool that fills with 60,000 services on one core, and is then stirred.</summary>
internal static class DecisionRun
{
    public const int Steps = 6;
    private const int Step = 10_000;
    private const int Services = Steps * Step;
    private const int WarmUp = 20_000;

    /// <summary>
    /// A row for each ten thousand services; then, for each order in which a pool may give, one for releases and allocations at random over the full pool.
    /// </summary>
    public static List<BenchRow> Measure()
    {
        foreach (var order in Enum.GetValues<AddressOrder>()) Stir(order, WarmUp);
        var (before, rows) = (GC.GetTotalMemory(forceFullCollection: true), new List<BenchRow>());
        var book = Filled(rows);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Services;
        GC.KeepAlive(book);
        rows[^1] = new(rows[^1].Name, new Dictionary<string, double>(rows[^1].Figures) { ["bytesPerAddress"] = Math.Round(bytes) });
        foreach (var order in Enum.GetValues<AddressOrder>()) rows.Add(Row($"release and allocate, {order}", 2 * Services, Stir(order, Services)));
        return rows;
    }

    /// <summary>The requests end with this method: only the books are to be weighed.</summary>
    private static PoolBook Filled(List<BenchRow> rows)
    {
        var (book, requests) = (NewBook(AddressOrder.LowestFirst), Requests(Services));
        for (var done = 0; done < Services; done += Step)
        {
            var elapsed = Fill(book, requests, done, Step);
            rows.Add(Row(string.Create(CultureInfo.InvariantCulture, $"decisions {done + Step}"), Step, elapsed));
        }
        return book;
    }

    /// <summary>A full pool whose services let go and ask again, in random order.</summary>
    private static TimeSpan Stir(AddressOrder order, int services)
    {
        var (book, requests, random) = (NewBook(order), Requests(services), new Random(1));
        Fill(book, requests, 0, services);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < services; i++) Exchange(book, requests[random.Next(services)]);
        return Stopwatch.GetElapsedTime(started);
    }

    private static PoolBook NewBook(AddressOrder order)
    {
        var book = new PoolBook(new("bench"));
        book.Configure(new(new("orleanslb.io/v1alpha1", "AddressPool", "", "bench"), default, book.Name, [AddressRange.Parse("10.0.0.0/16")], Labels.None,
            PoolScope.Everyone) { Order = order });
        return book;
    }

    private static AllocationRequest[] Requests(int count) =>
    [
        .. Enumerable.Range(0, count).Select(number => new AllocationRequest(
            new("default", string.Create(CultureInfo.InvariantCulture, $"s{number}")), Guid.NewGuid().ToString(), [IpFamily.IPv4], [], [], new(null, "", []))),
    ];

    private static TimeSpan Fill(PoolBook book, AllocationRequest[] requests, int from, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = from; i < from + count; i++) Grant(book, requests[i]);
        return Stopwatch.GetElapsedTime(started);
    }

    private static void Grant(PoolBook book, AllocationRequest request)
    {
        var decision = Allocator.Decide(book, request);
        if (decision.Outcome is not AllocationOutcome.Granted) throw new BenchException($"Service {request.Service} got no address.");
        Write(book, decision.Changes);
    }

    private static void Exchange(PoolBook book, AllocationRequest request)
    {
        Write(book, Allocator.Release(book, request.Service, request.Uid, [], DateTimeOffset.UnixEpoch));
        Grant(book, request);
    }

    private static void Write(PoolBook book, EquatableList<ClaimChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is { } after) book.Put(after);
            else book.Remove(change.Address);
        }
    }

    private static BenchRow Row(string name, int count, TimeSpan elapsed) => new(name, new Dictionary<string, double>
    {
        ["perSecond"] = Math.Round(count / elapsed.TotalSeconds),
        ["usEach"] = Math.Round(elapsed.TotalMicroseconds / count, 2),
    });
}
