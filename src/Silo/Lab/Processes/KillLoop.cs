using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// Kills any process at any moment of an allocation, an election or a hand-over, round after round. After each, those that are left must serve everything, and
/// so must all once the dead are back; at no moment may an address be given twice or lost.
/// </summary>
/// <param name="seed">What the choices of nodes and moments follow from; null: from the clock.</param>
internal sealed class KillLoop(ProcessStage stage, int rounds, int? seed)
{
    private const int Created = 8;
    private const int Most = 48;

    /// <summary>The longest time that what is going on has gone on when the process is killed.</summary>
    private static readonly TimeSpan Midst = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// When more than half of the processes are gone at once, those that are left wait for 15 s before they do without their votes (docs/decisions/0014).
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly ProcessCluster _cluster = stage.Cluster;
    private readonly HashSet<string> _services = [];
    private readonly HashSet<NodeName> _dead = [];
    private readonly int _seed = seed ?? (Environment.TickCount & int.MaxValue);
    private Random _random = new(0);
    private int _created;
    private int _deleted;
    private int _kills;
    private TimeSpan _slowest;

    public async Task Play(CancellationToken cancellation)
    {
        _random = new(_seed);
        stage.Narrator.Say($"nodes and moments are chosen by seed {_seed}");
        await stage.DeclarePool();
        await using var ledger = new AddressLedger(_cluster.Api.Local, stage.Time);
        try
        {
            for (var filled = 0; filled < Most / 2; filled += Created) await Change(cancellation);
            await Settle("to begin with", ledger, cancellation);
            for (var round = 1; round <= rounds; round++) await Round(round, ledger, cancellation);
        }
        finally
        {
            stage.Loop = new(_seed, rounds, _kills, _created, _deleted, ledger.GivenTwice.Count, ledger.Lost.Count, LabStage.Round(_slowest.TotalMilliseconds));
        }
        stage.Narrator.Say($"{_kills} processes were killed, {_created} Services created and {_deleted} deleted: no address was given twice, lost, or "
            + "left without an announcer");
    }

    private async Task Round(int round, AddressLedger ledger, CancellationToken cancellation)
    {
        var moment = (KillMoment)((round - 1) % Enum.GetValues<KillMoment>().Length);
        var wait = Midst * _random.NextDouble();
        stage.Narrator.Step($"Round {round} of {rounds}: {await Strike(moment, wait, cancellation)}");
        var killed = stage.Time.GetTimestamp();
        await Settle("by those that are left", ledger, cancellation);
        await Task.WhenAll(_dead.Select(node => _cluster.StartNode(node, cancellation)));
        _dead.Clear();
        await _cluster.Members(_cluster.Nodes, cancellation);
        await Settle("with all nodes back", ledger, cancellation);
        var elapsed = stage.Time.GetElapsedTime(killed);
        if (elapsed > _slowest) _slowest = elapsed;
        stage.Narrator.Seen($"{_services.Count} Services have each an address of their own and one node that answers for it");
    }

    /// <summary>Begins something, and kills in the midst of it; answers what was done, in words.</summary>
    private async Task<string> Strike(KillMoment moment, TimeSpan wait, CancellationToken cancellation)
    {
        var after = string.Create(CultureInfo.InvariantCulture, $"{wait.TotalMilliseconds:0} ms after");
        switch (moment)
        {
            case KillMoment.Allocation:
                var changing = Change(cancellation);
                await Task.Delay(wait, stage.Time, cancellation);
                var victim = Kill();
                await changing;
                return $"the process of {victim} is killed {after} Services began to be created and deleted";
            case KillMoment.Election:
                var first = Kill();
                await Task.Delay(wait, stage.Time, cancellation);
                return _cluster.Nodes.Count() - _dead.Count > 1
                    ? $"the process of {Kill()} is killed {after} that of {first}"
                    : $"the process of {first} is killed";
            default:
                var leaver = Any();
                var stopping = _cluster.Process(leaver).Stop(cancellation);
                await Task.Delay(wait, stage.Time, cancellation);
                var heir = Kill();
                await stopping;
                _dead.Add(leaver);
                return heir == leaver
                    ? $"the process of {leaver} is killed {after} it began to hand over"
                    : $"the process of {heir} is killed {after} that of {leaver} began to hand over";
        }
    }

    private NodeName Kill()
    {
        var victim = Any();
        _cluster.Process(victim).Kill();
        _dead.Add(victim);
        _kills++;
        return victim;
    }

    /// <summary>Any node whose process runs.</summary>
    private NodeName Any()
    {
        var living = _cluster.Nodes.Except(_dead).ToList();
        return living[_random.Next(living.Count)];
    }

    private Task Change(CancellationToken cancellation)
    {
        var leaving =
            _services.Order(StringComparer.Ordinal).OrderBy(_ => _random.Next()).Take(Math.Max(_services.Count + Created - Most, _services.Count / 8)).ToList();
        var coming = Enumerable.Range(_created, Created).Select(number => string.Create(CultureInfo.InvariantCulture, $"k{number}")).ToList();
        (_created, _deleted) = (_created + coming.Count, _deleted + leaving.Count);
        _services.ExceptWith(leaving);
        _services.UnionWith(coming);
        return Task.WhenAll(leaving.Select(name => _cluster.DeleteService(name, cancellation)).Concat(coming.Select(name => stage.CreateService(name))));
    }

    /// <summary>Each Service has an address, the claims say the same, and one node answers for each.</summary>
    private async Task Settle(string by, AddressLedger ledger, CancellationToken cancellation)
    {
        var agreed = await Eventually.See($"every Service has an address and a claim, {by}", () => Agreed(ledger, cancellation),
            async () => await Describe(ledger, cancellation), cancellation, Patience);
        var addresses = agreed.Select(Address.Parse).ToList();
        _cluster.Network.Witness.Ask(addresses);
        await Eventually.See($"one node answers for each address, {by}", () => Task.FromResult(IsSingle(addresses)),
            () => Task.FromResult(string.Join("; ", addresses.Select(Answers).OfType<string>())), cancellation, Patience);
        if (ledger.GivenTwice.Concat(ledger.Lost).FirstOrDefault() is { } broken)
            throw new UnexpectedException("no address is given twice or lost", broken);
    }

    private async Task<IReadOnlyCollection<string>?> Agreed(AddressLedger ledger, CancellationToken cancellation)
    {
        var shown = ledger.Shown;
        if (!_services.SetEquals(shown.Keys) || shown.Values.Contains(null)) return null;
        var claims = await _cluster.Claims(cancellation);
        return claims.Count == shown.Count && claims.All(claim => shown.GetValueOrDefault(claim.Value) == claim.Key) ? [.. claims.Keys] : null;
    }

    private async Task<string> Describe(AddressLedger ledger, CancellationToken cancellation)
    {
        var (shown, claims) = (ledger.Shown, await _cluster.Claims(cancellation));
        var without = shown.Where(service => service.Value is null).Select(service => service.Key);
        var unclaimed = shown.Where(service => service.Value is { } address && claims.GetValueOrDefault(address) != service.Key)
            .Select(service => $"{service.Key} shows {service.Value}");
        var unshown = claims.Where(claim => shown.GetValueOrDefault(claim.Value) != claim.Key).Select(claim => $"{claim.Value} holds {claim.Key}");
        return $"without an address: {string.Join(", ", without)}; unclaimed: {string.Join(", ", unclaimed)}; not shown: {string.Join(", ", unshown)}; "
            + $"{shown.Count} Services of {_services.Count}";
    }

    private KillLoop? IsSingle(List<Address> addresses)
    {
        var answering = stage.Answering();
        return addresses.TrueForAll(address => answering[address].Count() == 1) ? this : null;
    }

    /// <summary>Who answers for an address that not exactly one node answers for.</summary>
    private string? Answers(Address address)
    {
        var nodes = stage.Answering()[address].ToList();
        return nodes.Count == 1 ? null : $"{address}: {(nodes.Count == 0 ? "nobody" : string.Join(" and ", nodes))}";
    }
}
