using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Nodes;
using OrleansLb.LocalGrains.Tests;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>All grains on one silo, of whichever build, with a record and speakers of a test's making, and a clock that stands until it is moved.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly Dictionary<string, FakeSpeaker> _speakers = [];

    public TestCluster(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IClusterFeed>(Record)
            .AddSingleton<IClaimStore>(Record)
            .AddSingleton<IServiceStatusWriter>(Record)
            .AddSingleton<INodeMarker>(Record)
            .AddSingleton<IStatusObjectStore>(Statuses)
            .AddSingleton<IEventRecorder>(Record)
            .AddSingleton<IPoolStatusWriter>(Record)
            .AddSingleton<IConfigurationStatusWriter>(Record)
            .AddSingleton<IAcceptedForms>(Record)
            .AddGrainOptions()
            .Configure<LivenessOptions>(options => options.Timeout = TimeSpan.FromDays(1)); // its speakers do not beat: they die when told to
        configure?.Invoke(services);
        Silo = new(services);
    }

    internal ManualClock Clock { get; } = new();

    public FakeRecord Record { get; } = new();

    public FakeStatusObjects Statuses { get; } = new();

    public TestSilo Silo { get; }

    public IGrainFactory Grains => Silo.Grains;

    public IReadOnlyDictionary<string, FakeSpeaker> Speakers => _speakers;

    public async Task<FakeSpeaker> Join(string node, params string[] networks)
    {
        var speaker = _speakers[node] = new(Grains, node, Record.Changed, Clock);
        await speaker.Connect(Given.Links(networks.Length > 0 ? networks : ["192.0.2.0/24", "2001:db8::/64"]));
        return speaker;
    }

    public async Task Start()
    {
        await Silo.Start();
        await Grains.Sync().Start();
    }

    public void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        Record.Changed.Beat();
    }

    public Task Until(Func<bool> condition, string expectation) => Record.Changed.Until(condition, expectation);

    /// <summary>Likewise, while time passes in steps.</summary>
    public Task Until(Func<bool> condition, TimeSpan step, string expectation) => Record.Changed.Until(condition, expectation, () => Clock.Advance(step));

    /// <summary>The node whose speaker announces the address; null when none does, and a failure when two do.</summary>
    public string? AnnouncerOf(string address)
    {
        var nodes =
            _speakers.Where(speaker => speaker.Value.Announcing.ContainsKey(Core.Addressing.Address.Parse(address))).Select(speaker => speaker.Key).ToList();
        return nodes.Count > 0 ? Assert.Single(nodes) : null;
    }

    public string? AddressOf(string service) => Record.StatusOf(service)?.Addresses is [var first, ..] ? first.ToString() : null;

    public Task UntilAnnounced(string service) =>
        Until(() => Record.StatusOf(service)?.Conditions.All(condition => condition.Status) == true, $"{service} is announced");

    public ValueTask DisposeAsync() => Silo.DisposeAsync();
}
