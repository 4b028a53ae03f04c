using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>
/// Random edits of services that share addresses, ask for pools and addresses, and change their families, beside an oracle that tries every address.
/// </summary>
public sealed class SharingHistoryTests : IAsyncLifetime
{
    private const int Services = 6, Steps = 60;

    private static readonly AddressPool[] Pools = [Given.Pool("front", "192.0.2.10-192.0.2.12"), Given.Pool("six", "2001:db8::1-2001:db8::2")];

    private readonly TestCluster _cluster = new();
    private readonly Dictionary<string, ServiceRequest> _requests = new(StringComparer.Ordinal);
    private int _created;

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare([.. Pools, Given.Advertisement()]);
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    public static IEnumerable<TheoryDataRow<int>> Seeds => Enumerable.Range(1, 20).Select(seed => new TheoryDataRow<int>(seed));

    [Theory, MemberData(nameof(Seeds))]
    public async Task Services_have_what_they_may_have_and_nothing_moves_without_a_cause(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < Steps; step++)
        {
            var before = _requests.Keys.ToDictionary(name => name, Addresses);
            var (service, edited) = Edit(random);
            if (_requests.TryGetValue(service, out var request)) await Understood(request);
            await UntilRight($"step {step}, after an edit of {edited}");
            foreach (var (name, had) in before.Where(entry => _requests.ContainsKey(entry.Key)))
            {
                var mayStay = had.Count > 0 && IsServedBy(_requests[name], had)
                    && had.All(address => MayHave(_requests[name], address, other => name == service ? before.GetValueOrDefault(other, []) : [])); // who was not edited need not give way
                if (mayStay)
                    Assert.True(had.All(Addresses(name).Contains),
                        $"step {step}, after an edit of {edited}: {name} had {string.Join(' ', had)} and has {string.Join(' ', Addresses(name))}");
            }
        }
    }

    /// <summary>An edit that no status tells of yet may change who may share; the next one must not come before it.</summary>
    private async Task Understood(ServiceRequest request)
    {
        await _cluster.Until(() => _cluster.Grains.Sync().FindService(request.Service).Result?.AsksTheSameAs(request) == true, TimeSpan.FromSeconds(1),
            $"the cluster is read with an edit of {request.Service}");
        var observed = _cluster.Grains.Service(request.Service).Observe(request);
        _ = observed.ContinueWith(_ => _cluster.Record.Changed.Beat(), TaskScheduler.Default);
        await _cluster.Until(() => observed.IsCompleted, TimeSpan.FromSeconds(1), $"service {request.Service} takes note of an edit");
        await observed;
    }

    private async Task UntilRight(string moment)
    {
        try
        {
            await _cluster.Until(() => Faults().Count == 0, TimeSpan.FromSeconds(1), moment);
        }
        catch (Xunit.Sdk.FailException)
        {
            Assert.Fail($"{moment}: {string.Join("; ", Faults())}. Services: {string.Join("; ", _requests.Values)}. Statuses: "
                + $"{string.Join("; ", _cluster.Record.Statuses)}. Claims: {string.Join("; ", _cluster.Record.Claims)}");
        }
    }

    private (string Service, string What) Edit(Random random)
    {
        var name = $"web/s{random.Next(Services)}";
        var uid = _requests.GetValueOrDefault(name)?.Uid ?? $"uid-{++_created}";
        if (_requests.Remove(name) && random.Next(3) == 0)
        {
            _cluster.Record.Delete(name);
            return (name, $"{name}, which is deleted");
        }
        _cluster.Record.Put(_requests[name] = Any(random, name, uid));
        return (name, _requests[name].ToString());
    }

    private static ServiceRequest Any(Random random, string name, string uid)
    {
        var families =
            One<IpFamily[]>(random, [IpFamily.IPv4], [IpFamily.IPv4], [IpFamily.IPv6], [IpFamily.IPv4, IpFamily.IPv6], [IpFamily.IPv6, IpFamily.IPv4]);
        return Given.Service(name, uid) with
        {
            Families = [.. families],
            FamilyPolicy = families.Length == 1 ? FamilyPolicy.SingleStack : One(random, FamilyPolicy.PreferDualStack, FamilyPolicy.RequireDualStack),
            SharingKey = One(random, null, "k", "k", "m"),
            SharesOnRequest = random.Next(6) == 0,
            Ports = [new(Transport.Tcp, One(random, 80, 81, 82))],
            TrafficPolicy = One(random, TrafficPolicy.Cluster, TrafficPolicy.Cluster, TrafficPolicy.Local),
            BackendKey = One(random, "a", "b"),
            Pool = One<PoolName?>(random, null, null, null, new("front"), new("six"), new("none")),
            Addresses = One<EquatableList<Address>>(random, [], [], [], [Address.Parse("192.0.2.10")], [Address.Parse("2001:db8::1")]),
        };
    }

    private static T One<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    /// <summary>What is not yet, or not at all, as it must be.</summary>
    private List<string> Faults()
    {
        var faults = new List<string>();
        foreach (var (name, request) in _requests)
        {
            var held = Addresses(name);
            if (_cluster.Record.StatusOf(name) is null) faults.Add($"{name} has no status");
            else if (IsServed(name) && !(IsServedBy(request, held) && held.All(address => MayHave(request, address))))
                faults.Add($"{name} is told that it is served, and is not");
            else if (!IsServed(name) && CanBeServed(request)) faults.Add($"{name} waits, and could be served");
            if (!held.All(address => Sharers(name, address).All(other => MayShare(request, _requests[other]))))
                faults.Add($"{name} stands in the way of others");
            if (request.FamilyPolicy == FamilyPolicy.PreferDualStack && held.Count == 1 && IsServed(name) && CanGain(request, held[0]))
                faults.Add($"{name} could have another family");
        }
        var claimed = _cluster.Record.Claims.SelectMany(claim => claim.Holders.Select(holder => (holder.Service.ToString(), claim.Address))).ToHashSet();
        if (!claimed.SetEquals(_requests.Keys.SelectMany(name => Addresses(name).Select(address => (name, address))))) faults.Add("claims and statuses differ");
        return faults;
    }

    private bool IsServed(string name) => _cluster.Record.StatusOf(name)?.Conditions[0].Status == true;

    private IReadOnlyList<Address> Addresses(string name) =>
        _cluster.Record.StatusOf(name) is { } status && status.Uid == _requests.GetValueOrDefault(name)?.Uid ? [.. status.Addresses] : [];

    /// <param name="of">What services hold; null for what they hold now.</param>
    private IEnumerable<string> Sharers(string name, Address address, Func<string, IReadOnlyList<Address>>? of = null) =>
        _requests.Keys.Where(other => other != name && (of ?? Addresses)(other).Contains(address));

    /// <summary>The addresses are as many, and of such families, as the policy asks for.</summary>
    private static bool IsServedBy(ServiceRequest request, IReadOnlyList<Address> held)
    {
        if (!request.Addresses.All(held.Contains)) return false;
        var families = held.Select(address => address.Family).Order().ToList();
        return request.FamilyPolicy == FamilyPolicy.PreferDualStack
            ? families.Count is 1 or 2 && families.Distinct().Count() == families.Count
            : families.SequenceEqual(request.Families.Order());
    }

    private bool MayHave(ServiceRequest request, Address address, Func<string, IReadOnlyList<Address>>? of = null) =>
        Pools.Any(pool => pool.Contains(address) && (request.Pool is null || request.Pool == pool.Name))
        && (!request.Addresses.Any(wanted => wanted.Family == address.Family) || request.Addresses.Contains(address))
        && Sharers(request.Service.ToString(), address, of).All(other => MayShare(request, _requests[other]));

    private static bool MayShare(ServiceRequest one, ServiceRequest other) =>
        one.SharingKey is not null && one.SharingKey == other.SharingKey && !one.Ports.Intersect(other.Ports).Any() && Backend(one) == Backend(other);

    private static string Backend(ServiceRequest request) => request.TrafficPolicy == TrafficPolicy.Local ? request.BackendKey : "";

    private bool CanBeServed(ServiceRequest request)
    {
        if (request.Addresses.Any(wanted => !request.Families.Contains(wanted.Family) || !CanHave(request, wanted))) return false;
        var possible = request.Families.Where(family => All.Any(address => address.Family == family && CanHave(request, address))).ToList();
        return request.FamilyPolicy == FamilyPolicy.PreferDualStack ? possible.Count > 0 : possible.Count == request.Families.Count;
    }

    private bool CanGain(ServiceRequest request, Address held) => All.Any(address => address.Family != held.Family && CanHave(request, address));

    /// <summary>Who shares on request only is not to look for an address that others have.</summary>
    private bool CanHave(ServiceRequest request, Address address) => MayHave(request, address)
        && (!request.SharesOnRequest || request.Addresses.Contains(address) || !Sharers(request.Service.ToString(), address).Any());

    private static IEnumerable<Address> All =>
        Pools.SelectMany(pool => pool.Ranges)
            .SelectMany(range => Enumerable.Range(0, (int)range.Size).Select(i => range.First with { Value = range.First.Value + (uint)i }));
}
