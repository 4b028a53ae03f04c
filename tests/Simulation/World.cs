using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Pools;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Sync;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Simulation.Tests;

/// <summary>
/// A cluster to which things happen at random, all from one seed: services come, change and go, pools change, nodes die,
/// the record fails, grains lose their memory.
/// </summary>
internal sealed class World(int seed) : IAsyncDisposable
{
    private const int Services = 12;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Longer than any interval at which grains look whether all is well.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AftermathTick = TimeSpan.FromSeconds(4);
    private static readonly NodeLinks Links = Given.Links("192.0.2.0/24");
    private static readonly string[] Nodes = ["node1", "node2", "node3"];
    private static readonly string[][] Peers = [["tor"], ["tor", "spine"], []];
    private static readonly string[][] Pools = [["192.0.2.10-192.0.2.40"], ["192.0.2.20-192.0.2.60"], ["192.0.2.10-192.0.2.12", "192.0.2.30-192.0.2.50"]];

    private readonly Random _random = new(seed);

    /// <summary>Nodes die when told to: the clock leaps further than a heartbeat.</summary>
    private readonly TestCluster _cluster = new();
    private readonly HashSet<string> _dead = [];
    private readonly HashSet<string> _unplugged = [];
    private readonly List<string> _story = [];
    private string[] _ranges = Pools[0];
    private string[] _peers = Peers[0];

    /// <summary>A uid is never borne twice.</summary>
    private int _incarnations;

    /// <summary>What happened, for the message of a failure.</summary>
    public string Story => $"seed {seed}: {string.Join("; ", _story)}";

    private FakeRecord Record => _cluster.Record;

    public async Task Begin()
    {
        Declare();
        foreach (var node in Nodes) Record.Put(Given.Node(node));
        await _cluster.Start();
        foreach (var node in Nodes) await _cluster.Join(node);
    }

    public async Task Step()
    {
        switch (_random.Next(20))
        {
            case <= 5: Change($"web/s{_random.Next(Services)}"); break;
            case 6 or 7: Tell("delete", $"web/s{_random.Next(Services)}", Record.Delete); break;
            case 8: _ranges = Pools[_random.Next(Pools.Length)]; Tell("pool", string.Join(',', _ranges), _ => Declare()); break;
            case 19: _peers = Peers[_random.Next(Peers.Length)]; Tell("peers", string.Join(',', _peers), _ => Declare()); break;
            case 9: await Die(Nodes[_random.Next(Nodes.Length)]); break;
            case 16 or 17: await Unplug(Nodes[_random.Next(Nodes.Length)]); break;
            case 18: await Inherit(Nodes[_random.Next(Nodes.Length)]); break;
            case 10: Tell("record", "hangs up", _ => Record.HangUp()); break;
            case 11: Tell("record", Record.Down ? "is back" : "is down", _ => Record.Down = !Record.Down); break;
            case 12: Tell("answers", Record.LoseAnswer is null ? "are lost" : "come again",
                _ => Record.LoseAnswer = Record.LoseAnswer is null ? _ =>
                    _random.Next(3) == 0 ? new RecordUnavailableException("The answer was lost.") : null : null); break;
            default: await Drop(); break;
        }
        Check();
        if (_random.Next(3) == 0) await Tend();
    }

    /// <summary>
    /// Everything works again; after a while all must be as it should, and after everything that happens from time to time it must be so again.
    /// </summary>
    public async Task End()
    {
        (Record.Down, Record.LoseAnswer) = (false, null);
        foreach (var node in _dead.ToList()) await Return(node);
        foreach (var node in _unplugged.ToList()) await Plug(node);
        await ComeRight("the cluster comes right");
        var until = _cluster.Clock.GetUtcNow() + Aftermath;
        await Pass("time passes", () => _cluster.Clock.GetUtcNow() >= until, AftermathTick);
        await ComeRight("the cluster stays right");
    }

    private async Task ComeRight(string expectation)
    {
        await Pass(expectation, () => IsRight() is null, Tick);
        Check();
    }

    private async Task Pass(string expectation, Func<bool> condition, TimeSpan tick)
    {
        var tending = Task.CompletedTask;
        await Record.Changed.Until(condition, expectation, () =>
        {
            _cluster.Clock.Advance(tick);
            if (tending.IsCompleted) tending = Tend();
        });
    }

    /// <summary>What is not as it should be once all is quiet; null when nothing is.</summary>
    public string? IsRight()
    {
        foreach (var service in Enumerable.Range(0, Services).Select(i => Record.Find($"web/s{i}")).Where(service => service is { IsWanted: true }))
        {
            if (Record.StatusOf(service!.Service.ToString()) is not { Addresses: [var address] } status) return $"{service.Service} has no address";
            if (!status.Conditions.All(condition => condition.Status)) return $"{service.Service} is not announced";
            if (Announcers(address) != 1) return $"{address} has {Announcers(address)} announcers";
        }
        var held = Record.Statuses.SelectMany(status => status.Addresses.Select(address => (status.Service, address))).Order().ToList();
        var claimed = Record.Claims.SelectMany(claim => claim.Holders.Select(holder => (holder.Service, claim.Address))).Order().ToList();
        if (!held.SequenceEqual(claimed)) return $"held {string.Join(' ', held)}, claimed {string.Join(' ', claimed)}";
        var unwanted =
            held.Concat(claimed).Select(holding => holding.Service).FirstOrDefault(service => Record.Find(service.ToString()) is not { IsWanted: true });
        if (unwanted != default) return $"{unwanted} holds what it does not want";
        var other = Record.Claims.SelectMany(claim => claim.Holders).FirstOrDefault(holder => Record.Find(holder.Service.ToString())?.Uid != holder.Uid);
        if (other != default) return $"{other.Service} is held for uid {other.Uid}, which is gone";
        var stray = _cluster.Speakers.Values.SelectMany(speaker => speaker.Announcing.Keys)
            .FirstOrDefault(address => !held.Exists(holding => holding.address == address));
        return stray != default ? $"{stray} is announced and nobody's" : IsRouted([.. held.Select(holding => $"{holding.address}/32").Distinct().Order()]);
    }

    /// <summary>Every node announces every address that is held to all peers, and no other; while there are no peers, none.</summary>
    private string? IsRouted(string[] held)
    {
        var expected = _peers.Length == 0 ? [] : held;
        foreach (var (node, speaker) in _cluster.Speakers)
        {
            var peers = speaker.Peers.Select(peer => peer.Name).Order().ToList();
            if (!peers.SequenceEqual(_peers.Order())) return $"{node} has peers {string.Join(' ', peers)}, not {string.Join(' ', _peers)}";
            var routes = speaker.Routes.Keys.Order().ToList();
            if (!routes.SequenceEqual(expected)) return $"{node} has routes {string.Join(' ', routes)}, not {string.Join(' ', expected)}";
            if (!speaker.Complete) return $"{node} waits for more routes";
        }
        return null;
    }

    /// <summary>What every node's grain and speaker believe, for the message of a failure.</summary>
    public async Task<string> Describe()
    {
        var nodes = new List<string>();
        foreach (var (node, speaker) in _cluster.Speakers)
        {
            var status = await _cluster.Grains.Node(new(node)).Status();
            nodes.Add($"{node} announces {string.Join(' ', speaker.Announcing.Values.Select(Show))} at {speaker.Version} and shall "
                + $"{string.Join(' ', status.Plan.Select(Show))} at {status.PlanVersion}");
        }
        var services = await _cluster.Grains.ServiceIndex().Services();
        foreach (var service in services)
        {
            var own = await _cluster.Grains.Service(service.Service).Status();
            nodes.Add($"{service.Service} is with {service.Announcer}, as it says itself {own?.Announcer} "
                + string.Join(' ', own?.Assignments.Select(Show) ?? []));
        }
        nodes.Add($"it is {_cluster.Clock.GetUtcNow():HH:mm:ss}");
        nodes.AddRange(services.Where(service => !service.IsAnnounced)
            .Select(service => $"{service.Service} on {service.Announcer}: {service.AddressReason} {service.AnnouncerReason} {service.AnnouncerMessage}"));
        return string.Join("; ", nodes);

        static string Show(Core.Announcements.Assignment assignment) => $"{assignment.Address}/{assignment.Service.Name}/{assignment.Epoch % 100000}";
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>At no time do two services show one address unless they share it.</summary>
    private void Check()
    {
        foreach (var claim in Record.Claims.Where(claim => claim.Holders.Count > 1)) Assert.NotNull(claim.SharingKey);
        var shown = Record.Statuses.SelectMany(status => status.Addresses.Select(address => (address, status.Service)))
            .ToLookup(held => held.address, held => held.Service);
        foreach (var address in shown.Where(address => address.Count() > 1))
        {
            Assert.All(address, service =>
                Assert.True(Record.Find(service.ToString())?.SharingKey is not null, $"{address.Key} is shown by {string.Join(" and ", address)}; {Story}"));
        }
    }

    private void Declare() => Record.Declare([Given.Pool("front", _ranges), Given.Advertisement(), Given.Routed(),
        .. _peers.Select((peer, i) => Given.Peer(peer, address: $"203.0.113.{i + 1}"))]);

    private int Announcers(Address address) => _cluster.Speakers.Values.Count(speaker => speaker.Announcing.ContainsKey(address));

    private void Change(string name)
    {
        var number = int.Parse(name[5..]);
        var again = _random.Next(2) == 0 ? Record.Find(name)?.Uid : null;
        var service = Given.Service(name, again ?? $"uid-{name}-{++_incarnations}") with
        {
            Wanted = _random.Next(5) > 0,
            SharingKey = number % 3 == 0 ? "k" : null,
            Ports = [new(Transport.Tcp, 80 + number)],
            Endpoints = _random.Next(2) == 0 ? [] : [new(new(Nodes[_random.Next(Nodes.Length)]), 1)],
            WantedFinalizer = "orleanslb.io/cleanup",
        };
        Tell(service.Wanted ? "want" : "unwant", $"{name} {service.Uid}", _ => Record.Put(service));
    }

    private async Task Die(string node)
    {
        if (_dead.Contains(node))
        {
            await Return(node);
            return;
        }
        _story.Add($"{node} dies");
        _dead.Add(node);
        _unplugged.Remove(node);
        _cluster.Speakers[node].FallSilent();
        var first = _random.Next(2) == 0;
        if (first) await Inherit(node);
        await Survive(() => _cluster.Speakers[node].Kill());
        if (!first) await Inherit(node);
    }

    /// <summary>The others, or some of them, take the node for lost: it may be, or may have been, or they are mistaken.</summary>
    private async Task Inherit(string from)
    {
        var heirs = Nodes.Where(node => node != from && _random.Next(4) > 0).ToList();
        _story.Add($"{string.Join(" and ", heirs)} inherit of {from}");
        foreach (var heir in heirs) await Survive(() => _cluster.Grains.Node(new(heir)).Inherit(new(from)));
    }

    private async Task Return(string node)
    {
        _story.Add($"{node} returns");
        _dead.Remove(node);
        await Survive(() => _cluster.Join(node));
    }

    /// <summary>The node lives and has no interface; or has it again, perhaps before anybody has acted upon its loss.</summary>
    private async Task Unplug(string node)
    {
        if (_dead.Contains(node)) return;
        if (_unplugged.Contains(node))
        {
            await Plug(node);
            return;
        }
        _story.Add($"{node} unplugged");
        _unplugged.Add(node);
        var lost = Survive(() => _cluster.Speakers[node].LoseLinks());
        if (_random.Next(2) == 0) await Plug(node);
        await lost;
    }

    private async Task Plug(string node)
    {
        _story.Add($"{node} plugged in");
        _unplugged.Remove(node);
        await Survive(() => _cluster.Speakers[node].RegainLinks(Links));
    }

    private async Task Drop()
    {
        IGrain[] grains =
        [
            _cluster.Grains.Sync(), _cluster.Grains.Configuration(), _cluster.Grains.NodeDirectory(), _cluster.Grains.ServiceIndex(),
            _cluster.Grains.Pool(new("front")), _cluster.Grains.Routes(),
            _cluster.Grains.Node(new(Nodes[_random.Next(Nodes.Length)])), _cluster.Grains.Service(new("web", $"s{_random.Next(Services)}")),
        ];
        var grain = grains[_random.Next(grains.Length)];
        _story.Add($"drop {grain}");
        await Survive(() => _random.Next(10) == 0 ? _cluster.Silo.DropAllActivations() : _cluster.Silo.DropActivation(grain));
    }

    /// <summary>What hosts do all the time: the sync grain is kept alive, speakers that are not known any more connect again.</summary>
    private async Task Tend()
    {
        await Survive(_cluster.Start);
        foreach (var (node, speaker) in _cluster.Speakers.Where(speaker => !_dead.Contains(speaker.Key)).ToList())
        {
            await Survive(async () =>
            {
                if (!await speaker.Heartbeat()) await speaker.Connect(_unplugged.Contains(node) ? NodeLinks.None : Links);
                await speaker.AskForInterrupted();
            });
        }
    }

    /// <summary>A call that is lost with an activation is no fault: whoever made it tries again later.</summary>
    private async Task Survive(Func<Task> call)
    {
        try
        {
            var made = call();
            _ = made.ContinueWith(_ => Record.Changed.Beat(), TaskScheduler.Default);
            await Record.Changed.Until(() => made.IsCompleted, "a call ends", () => _cluster.Clock.Advance(Tick));
            await made;
        }
        catch (Exception lost) when (lost is not Xunit.Sdk.XunitException)
        {
            _story.Add($"({lost.GetType().Name})");
        }
    }

    private void Tell(string what, string whom, Action<string> happen)
    {
        _story.Add($"{what} {whom}");
        happen(whom);
    }
}
