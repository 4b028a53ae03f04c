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
    private const int Services = 60_000;
    private const int Step = 10_000;
    private const int WarmUp = 20_000;

    /// <summary>A row for each ten thousand services, and one for releases and allocations in random order over the full pool.</summary>
    public static List<BenchRow> Measure()
    {
        Fill(NewBook(), Requests(WarmUp), 0, WarmUp);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (book, requests, rows) = (NewBook(), Requests(Services), new List<BenchRow>());
        for (var done = 0; done < Services; done += Step)
        {
            var elapsed = Fill(book, requests, done, Step);
            rows.Add(Row(string.Create(CultureInfo.InvariantCulture, $"decisions {done + Step}"), Step, elapsed));
        }
        var random = new Random(1);
        var stirred = Stopwatch.StartNew();
        for (var i = 0; i < Services; i++) Exchange(book, requests[random.Next(Services)]);
        var stir = Row("release and allocate, full", Services, stirred.Elapsed);
        requests = [];
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Services;
        GC.KeepAlive(book);
        rows.Add(new(stir.Name, new Dictionary<string, double>(stir.Figures) { ["bytesPerAddress"] = Math.Round(bytes) }));
        return rows;
    }

    private static PoolBook NewBook()
    {
        var book = new PoolBook(new("bench"));
        book.Configure(new(new("orleanslb.io/v1alpha1", "AddressPool", "", "bench"), default, book.Name, [AddressRange.Parse("10.0.0.0/16")], Labels.None, PoolScope.Everyone));
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
