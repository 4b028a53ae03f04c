using System.Globalization;
using OrleansLb.Grains;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Simulation.Tests;

/// <summary>
/// Services that go while their coming is still under way, on threads that meet as they will: a word that is lost between two grains leaves an address or a
/// route announced for ever.
/// </summary>
public sealed class ComingAndGoingTests : IAsyncDisposable
{
    /// <summary>How often services come and go; <c>SIMULATION_CYCLES</c> says otherwise.</summary>
    private const string DefaultCycles = "500";

    private const int AtOnce = 3;
    private const int MostTurns = 60;
    private const int MostSpins = 4000;

    private readonly TestCluster _cluster = new();
    private readonly Random _random = new(1);

    [Fact]
    public async Task Of_a_service_that_is_gone_no_node_announces_an_address_or_a_route()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.40"), Given.Advertisement(), Given.Routed(), Given.Peer("tor"));
        foreach (var node in new[] { "node1", "node2", "node3" }) _cluster.Record.Put(Given.Node(node));
        await _cluster.Start();
        foreach (var node in new[] { "node1", "node2", "node3" }) await _cluster.Join(node);
        await _cluster.Until(() => _cluster.Speakers.Values.All(speaker => speaker.Complete), "all nodes have read the set of routes");
        var cycles = int.Parse(Environment.GetEnvironmentVariable("SIMULATION_CYCLES") ?? DefaultCycles, CultureInfo.InvariantCulture);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number => ComeAndGo($"web/s{number}", $"{cycle}-{number}")));
            await Expect(IsEmpty, $"nothing is announced after cycle {cycle}");
        }
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>Half of them stay until all is done for them, and go when others come.</summary>
    private async Task ComeAndGo(string name, string uid)
    {
        var service = Given.Service(name, uid) with { EndpointsElsewhere = Next(2) };
        _cluster.Record.Put(service);
        await Pass();
        if (Next(2) == 0) _cluster.Record.Put(service with { EndpointsElsewhere = 1 });
        await Pass();
        _cluster.Record.Delete(name);
    }

    private bool IsEmpty() =>
        _cluster.Record.Claims.Count == 0 && _cluster.Speakers.Values.All(speaker => speaker.Routes.Count + speaker.Announcing.Count == 0);

    /// <summary>A moment, of some turns of others or of a part of one.</summary>
    private async Task Pass()
    {
        for (var turns = Next(MostTurns); turns > 0; turns--) await Task.Yield();
        Thread.SpinWait(Next(MostSpins));
    }

    private int Next(int limit)
    {
        lock (_random) return _random.Next(limit);
    }

    private async Task Expect(Func<bool> condition, string expectation)
    {
        try
        {
            await _cluster.Until(condition, TimeSpan.FromMilliseconds(100), expectation);
        }
        catch (Exception fault)
        {
            Assert.Fail($"{fault.Message}: {await Describe()}");
        }
    }

    private async Task<string> Describe()
    {
        var nodes = _cluster.Speakers.Select(speaker => $"{speaker.Key} announces {string.Join(' ', speaker.Value.Announcing.Keys)}, routes "
            + string.Join(' ', speaker.Value.Routes.Keys));
        var routes = await _cluster.Grains.Routes().Since(new("node1"), default);
        return $"{string.Join("; ", nodes)}; the set has routes of {string.Join(' ', routes.Changed.Select(service => service.Service))}; claims "
            + string.Join(' ', _cluster.Record.Claims.Select(claim => claim.Address));
    }
}
