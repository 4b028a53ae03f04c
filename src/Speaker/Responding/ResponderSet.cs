using System.Collections.Concurrent;
using OrleansLb.Core.Addressing;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>The responders of a node: one for each interface and family that announces something, none for the others.</summary>
internal sealed class ResponderSet(ILinkProvider links, ResponderServices services, Action<string, LinkException> failed) : IDisposable
{
    // The speaker alone writes; whoever reads the metrics enumerates.
    private readonly ConcurrentDictionary<(string Interface, IpFamily Family), AddressResponder> _responders = new();
    private readonly ConcurrentDictionary<string, long> _droppedBefore = new();
    private readonly HashSet<(string Interface, IpFamily Family)> _broken = [];

    /// <summary>Frames lost on each interface since the start, those of links that are closed by now included.</summary>
    public IEnumerable<(string InterfaceName, long Dropped)> Drops => _responders.Values
        .Select(responder => (responder.Link.Name, responder.Dropped))
        .Concat(_droppedBefore.Select(closed => (closed.Key, closed.Value)))
        .GroupBy(drop => drop.Item1, drop => drop.Item2)
        .Select(interfaceDrops => (interfaceDrops.Key, interfaceDrops.Sum()));

    /// <summary>How many addresses are answered for on each interface.</summary>
    public IEnumerable<(string InterfaceName, IpFamily Family, int Count)> Held =>
        _responders.Select(responder => (responder.Key.Interface, responder.Key.Family, responder.Value.Count));

    /// <summary>The responder, opened when it is not; null while its interface cannot be.</summary>
    public AddressResponder? Open(string name, IpFamily family)
    {
        if (_responders.TryGetValue((name, family), out var open)) return open;
        try
        {
            var responder = Create(name, family);
            responder.Start();
            AnswerPings(responder);
            _broken.Remove((name, family));
            return _responders[(name, family)] = responder;
        }
        catch (LinkException cause)
        {
            if (_broken.Add((name, family))) failed(name, cause);
            return null;
        }
    }

    /// <summary>The responder, if it is open.</summary>
    public AddressResponder? Find(string name, IpFamily family) => _responders.GetValueOrDefault((name, family));

    /// <summary>The responders that are open.</summary>
    public IEnumerable<AddressResponder> All => _responders.Values;

    /// <summary>Falls silent for the address on this interface; the last one closes it.</summary>
    public void Remove(string name, Address address)
    {
        if (!_responders.TryGetValue((name, address.Family), out var responder)) return;
        responder.Remove(address);
        if (responder.Count == 0) Close(name, address.Family);
    }

    /// <summary>Closes the interface for both families: it is gone, or another one by its address.</summary>
    public void Close(string name)
    {
        Close(name, IpFamily.IPv4);
        Close(name, IpFamily.IPv6);
    }

    public void Dispose()
    {
        foreach (var (name, family) in _responders.Keys) Close(name, family);
    }

    private void Close(string name, IpFamily family)
    {
        if (!_responders.TryRemove((name, family), out var responder)) return;
        _droppedBefore.AddOrUpdate(name, responder.Dropped, (_, before) => before + responder.Dropped);
        responder.Dispose();
    }

    /// <summary>An interface that cannot answer pings announces its addresses all the same.</summary>
    private void AnswerPings(AddressResponder responder)
    {
        try
        {
            responder.AnswerPings(links);
        }
        catch (LinkException cause)
        {
            failed(responder.Link.Name, cause);
        }
    }

    private AddressResponder Create(string name, IpFamily family) => family == IpFamily.IPv4
        ? new ArpLinkResponder(links.Open(name, LinkTraffic.Arp), services)
        : new NdpLinkResponder(links.Open(name, LinkTraffic.Ndp), services);
}
