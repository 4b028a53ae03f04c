using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>The addresses of one family on one interface: tells the segment where they are, asked and unasked.</summary>
internal abstract class AddressResponder(ILink link, ResponderServices services) : Responder(link, services.Log)
{
    /// <summary>How many neighbours that asked lately for an address are told of it one by one: more are reached by the announcement alone.</summary>
    private const int MostNeighbours = 16;

    /// <summary>How long ago a neighbour may have asked: about as long as it keeps what it learned.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(2);

    /// <summary>Hardware addresses that move with an address, for those that stand here now.</summary>
    private readonly Dictionary<Address, MacAddress> _assumed = [];

    private EchoResponder? _echo;

    /// <summary>How many addresses are assigned here.</summary>
    public abstract int Count { get; }

    /// <summary>Frames that came while nobody read and were lost, pings included.</summary>
    public long Dropped => Link.Dropped + (_echo?.Link.Dropped ?? 0);

    protected ResponderServices Services => services;

    protected abstract LinkTraffic EchoTraffic { get; }

    /// <summary>Begins to answer pings too, where that is wanted.</summary>
    public void AnswerPings(ILinkProvider links)
    {
        if (!services.AnswersPings) return;
        _echo = Echo(links.Open(Link.Name, EchoTraffic));
        _echo.Start();
    }

    public override void Dispose()
    {
        _echo?.Dispose();
        base.Dispose();
    }

    public abstract void Add(Address address, HeldAddress held);

    /// <summary>Falls silent for the address, at once and without a word.</summary>
    public abstract void Remove(Address address);

    /// <summary>
    /// Takes frames to this hardware address from now on, and tells it for the address; null goes back to the interface's own. Throws
    /// <see cref="LinkException"/>, and goes back, when the interface cannot.
    /// </summary>
    public void Assume(Address address, HeldAddress held, MacAddress? mac)
    {
        if (mac is { } known && _assumed.GetValueOrDefault(address) == known) return;
        held.VirtualMac = null; // not told any more before it is left
        Resign(address);
        if (mac is not { } wanted) return;
        Link.TakeStation(wanted);
        _assumed[address] = wanted;
        held.VirtualMac = wanted;
    }

    /// <summary>Tells the segment where the address is; false when the interface took no frame.</summary>
    public abstract bool Announce(Address address);

    /// <summary>Asks the segment whether anybody has the address, claiming nothing; false when the interface took no frame.</summary>
    public abstract bool Probe(Address address);

    /// <summary>Tells neighbours that asked lately, each by a frame of its own: one may hold an entry that a broadcast does not change.</summary>
    /// <param name="everyone">All of them, and not just the latest few.</param>
    public void Refresh(Address address, bool everyone) =>
        Refresh(address, services.Time.GetTimestamp() - (long)(Lately.TotalSeconds * services.Time.TimestampFrequency),
            everyone ? int.MaxValue : MostNeighbours);

    /// <summary>Tells everyone who has asked since then.</summary>
    public abstract void Refresh(Address address, long since, int most = int.MaxValue);

    /// <summary>The addresses that somebody has asked for since then, whoever holds them.</summary>
    public abstract IEnumerable<Address> AskedSince(long since);

    /// <summary>Frames to the hardware address that moves with the address are another node's from now on.</summary>
    protected void Resign(Address address)
    {
        if (_assumed.Remove(address, out var mac)) Link.LeaveStation(mac);
    }

    protected abstract EchoResponder Echo(ILink link);
}
