using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>
/// A host that asks again and again who has an address, and keeps every answer with its time: it knows who held the address at each moment, whether it was
/// two, or nobody.
/// </summary>
internal sealed class Witness : IDisposable
{
    /// <summary>Between two questions for one address, while there are few.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Questions in a second. One node may have all the addresses, and answers one station only so often: then the last asked for would starve.</summary>
    private static readonly int MostPerSecond = new AskerLimitOptions().PerSecond / 2;

    private readonly SightingLog _answers = new();
    private readonly LabMachine _self;
    private readonly TimeProvider _time;
    private readonly Dictionary<IpFamily, ILink> _links;
    private readonly List<ClaimListener> _listeners;
    private readonly ITimer _timer;
    private ImmutableArray<(Address Address, byte[] Question)> _questions = [];
    private ImmutableList<long> _asked = [];

    private Witness(LabMachine self, ILink arp, ILink ndp, TimeProvider time)
    {
        (_self, _time) = (self, time);
        _links = new() { [IpFamily.IPv4] = arp, [IpFamily.IPv6] = ndp };
        _listeners = [.. _links.Values.Select(link => new ClaimListener(link, Hear))];
        _timer = time.CreateTimer(_ => AskAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static Witness Start(LabMachine self, Func<LinkTraffic, ILink> open, TimeProvider time) =>
        new(self, open(LinkTraffic.Arp), open(LinkTraffic.Ndp), time);

    /// <summary>Asks for these, and for nothing else, from now on.</summary>
    public void Ask(IEnumerable<Address> addresses)
    {
        var mac = MacAddress.Parse(_self.Mac);
        _questions = [.. addresses.Select(address => (address, NeighbourFrame.Question(mac, _self.Beside(address), address)))];
        _timer.Change(TimeSpan.Zero, _questions.Length > 0 ? IntervalFor(_questions.Length) : Timeout.InfiniteTimeSpan);
    }

    /// <summary>Between two questions for one address of so many.</summary>
    public static TimeSpan IntervalFor(int addresses)
    {
        var paced = TimeSpan.FromSeconds((double)addresses / MostPerSecond);
        return paced > Interval ? paced : Interval;
    }

    /// <inheritdoc cref="SightingLog.First(Func{Sighting, bool}, CancellationToken)"/>
    public Task<Sighting> First(Func<Sighting, bool> wanted, CancellationToken cancellation) => _answers.First(wanted, cancellation);

    /// <inheritdoc cref="SightingLog.First(long, Func{Sighting, bool}, CancellationToken)"/>
    public Task<Sighting> First(long since, Func<Sighting, bool> wanted, CancellationToken cancellation) => _answers.First(since, wanted, cancellation);

    /// <inheritdoc cref="SightingLog.Since"/>
    public IReadOnlyList<Sighting> Since(long time) => _answers.Since(time);

    /// <summary>When it asked, for every address at once: on a busy machine later than it wanted.</summary>
    public IReadOnlyList<long> AskedSince(long time) => Volatile.Read(ref _asked).FindAll(at => at >= time);

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var listener in _listeners) listener.Dispose();
    }

    private void AskAll()
    {
        ImmutableInterlocked.Update(ref _asked, static (asked, now) => asked.Add(now), _time.GetTimestamp());
        foreach (var (address, question) in _questions) _links[address.Family].Send(question);
    }

    /// <summary>Answers, and announcements no less: whoever speaks for the address is its holder.</summary>
    private void Hear(NeighbourClaim claim)
    {
        if (_questions.Any(question => question.Address == claim.Address)) _answers.Add(new(claim.Address, claim.Mac, _time.GetTimestamp()));
    }
}
