using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Links.Memory;

/// <summary>The interfaces of a node whose segments are in memory.</summary>
public sealed class MemoryLinks : ILinkProvider
{
    private ImmutableSortedDictionary<string, Interface> _interfaces = ImmutableSortedDictionary.Create<string, Interface>(StringComparer.Ordinal);
    private ImmutableArray<ChannelWriter<LinksChange>> _watchers = [];

    private sealed record Interface(MemoryPort Port, int Index, EquatableList<Prefix> Connected, EquatableList<Prefix> Routes, bool Usable);

    public NodeLinks Links => new(_interfaces
        .Select(named =>
            new LinkState(named.Key, named.Value.Index, named.Value.Usable, new(named.Value.Port.Mac.Value), named.Value.Connected, named.Value.Routes))
        .ToEquatableList());

    /// <summary>Adds an interface, or puts it on another port or prefix.</summary>
    public void Set(string name, MemoryPort port, EquatableList<Prefix> connected, EquatableList<Prefix> routes = default)
    {
        ArgumentNullException.ThrowIfNull(port);
        Change(interfaces => interfaces.SetItem(name,
            new(port, interfaces.TryGetValue(name, out var known) ? known.Index : interfaces.Count + 1, connected, routes, port.Carrier)));
    }

    /// <summary>Pulls the interface's cable, or puts it in.</summary>
    public void SetCarrier(string name, bool carrier)
    {
        _interfaces[name].Port.Carrier = carrier;
        Change(interfaces => interfaces.SetItem(name, interfaces[name] with { Usable = carrier }));
    }

    public void Remove(string name) => Change(interfaces => interfaces.Remove(name));

    /// <summary>As a bond tells it that has failed over to another switch.</summary>
    public void NotifyPeers(string name) => Tell(new(Links, [name]));

    public async IAsyncEnumerable<LinksChange> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        var changes = Channel.CreateUnbounded<LinksChange>();
        ImmutableInterlocked.Update(ref _watchers, watchers => watchers.Add(changes.Writer));
        try
        {
            yield return new(Links, []);
            await foreach (var change in changes.Reader.ReadAllAsync(cancellation)) yield return change;
        }
        finally
        {
            ImmutableInterlocked.Update(ref _watchers, watchers => watchers.Remove(changes.Writer));
        }
    }

    public ILink Open(string name, LinkTraffic traffic) => _interfaces.TryGetValue(name, out var found)
        ? found.Port.Open(name, traffic)
        : throw new LinkException($"There is no interface '{name}'.");

    private void Change(Func<ImmutableSortedDictionary<string, Interface>, ImmutableSortedDictionary<string, Interface>> change)
    {
        ImmutableInterlocked.Update(ref _interfaces, change);
        Tell(new(Links, []));
    }

    private void Tell(LinksChange change)
    {
        foreach (var watcher in _watchers) watcher.TryWrite(change);
    }
}
