using System.Collections.Concurrent;
using System.Net;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The peers of a plan and their sessions, one for each router. Owned by the speaker's loop; statuses may be read by any thread.</summary>
internal sealed class SpeakerPeers(BgpSpeakerOptions options, BgpSessionServices services, SpeakerRoutes routes)
{
    private sealed record Entry(BgpPeer Peer, BgpPeerOptions Options, BgpPeerSession Session)
    {
        public bool IsNeighbour => Peer.Range is not null;
    }

    private readonly ConcurrentDictionary<string, Entry> _entries = new(); // by the session's name
    private readonly List<Task> _leaving = [];
    private readonly RouterId _routerId = options.RouterId ?? DefaultRouterId.Of(services.Scope, options.Node);
    private EquatableList<BgpPeer> _ranges = [];

    public IReadOnlyList<BgpSessionStatus> Statuses =>
        [.. _entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value.Session.Status)];

    public bool Has(string session) => _entries.ContainsKey(session);

    /// <summary>From now on these are all peers. Sessions that are not touched by the change go on.</summary>
    /// <param name="peers">All of them.</param>
    /// <param name="farewell">What a peer is told that is not among them any more.</param>
    public void Follow(EquatableList<BgpPeer> peers, Notification farewell)
    {
        var named = peers.ToDictionary(peer => peer.Name);
        foreach (var gone in _entries.Values.Where(entry => !named.TryGetValue(entry.Peer.Name, out var peer) || !IsStillOf(peer, entry)).ToArray())
            Remove(gone, farewell);
        _ranges = peers.Where(peer => peer.Range is not null).ToEquatableList();
        foreach (var peer in peers) Follow(peer);
        routes.Follow(peers);
    }

    public void Advertise()
    {
        foreach (var entry in _entries.Values) Advertise(entry);
    }

    /// <summary>The session of the peer that has this address.</summary>
    /// <param name="vrf">Where it connected; null for the node's own table. Of two peers with one address the one of this VRF is meant.</param>
    public BgpPeerSession? Find(IPAddress address, string? vrf) =>
        _entries.Values
            .Where(entry => entry.Options.Address is { } expected && SameHost(expected, address))
            .MaxBy(entry => entry.Peer.Vrf == vrf)?.Session
        ?? (address.IsIPv6LinkLocal ? _entries.Values.FirstOrDefault(entry => IsBeyond(entry.Options, address.ScopeId))?.Session : null);

    /// <summary>Sessions that wait for their peer say why it cannot come.</summary>
    public void NoteWaiting(Func<BgpPeer, string?> fault)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Options.Settings.Passive))
        {
            if (fault(entry.Peer) is { } why) entry.Session.NotListening(why);
        }
    }

    /// <summary>A session for a host that connects for the first time, if it is of the range of some peer and there is room; else null, and why.</summary>
    public BgpPeerSession? Admit(IPAddress address, out string refusal)
    {
        refusal = "it belongs to no BGP peer.";
        if (Neighbours.PeerOf(address, _ranges) is not { } peer) return null;
        refusal = $"peer '{peer.Name}' has as many neighbours as its listenLimit ({peer.Range!.Limit}) allows.";
        if (!MakeRoom(peer.Name, peer.Range.Limit)) return null;
        var wanted = Neighbours.OptionsFor(peer.ToOptions(options, _routerId), address, peer.Name);
        var entry = _entries[wanted.Name] = new(peer, wanted, new(wanted, services, restarting: true));
        Advertise(entry);
        return entry.Session;
    }

    /// <summary>Neighbours that went away long ago are not shown for ever.</summary>
    public void ForgetLost(DateTimeOffset now)
    {
        foreach (var lost in _entries.Values.Where(entry => entry.IsNeighbour && Neighbours.IsForgotten(entry.Session.Status, now)).ToArray())
            Remove(lost, Notification.Cease(CeaseSubcode.PeerDeconfigured));
    }

    /// <summary>Peers that would lose our routes when we go.</summary>
    public bool AnyDependent => _entries.Values.Any(entry => entry.Session.Status is { KeepsRoutes: false, Advertised.Routes.Count: > 0 });

    /// <param name="farewell">What each peer is told, after its routes were withdrawn; null for none.</param>
    public Task StopAll(Func<BgpSessionStatus, Notification?> farewell) =>
        Task.WhenAll(_entries.Values.Select(entry => Stop(entry.Session, farewell(entry.Session.Status))).Concat(_leaving));

    /// <summary>Cuts the connections.</summary>
    public Task KillAll() => Task.WhenAll(_entries.Values.Select(entry => entry.Session.Kill()).Concat(_leaving));

    private static Task Stop(BgpPeerSession session, Notification? farewell)
    {
        if (farewell is not null) session.Advertise(RouteSet.Empty, complete: false);
        return session.Stop(farewell);
    }

    private static bool IsStillOf(BgpPeer peer, Entry entry) =>
        entry.IsNeighbour ? Neighbours.Admits(peer, entry.Options.Address!) : peer.Range is null;

    private void Advertise(Entry entry) => entry.Session.Advertise(routes.For(entry.Peer, entry.Session.Status.KeepsRoutes), routes.Complete);

    private void Follow(BgpPeer peer)
    {
        var next = peer.ToOptions(options, _routerId);
        if (peer.Range is null && !_entries.ContainsKey(peer.Name)) _entries[peer.Name] = new(peer, next, new(next, services, restarting: true));
        else foreach (var entry in _entries.Values.Where(entry => entry.Peer.Name == peer.Name).ToArray()) Follow(entry, peer, next);
    }

    private void Follow(Entry entry, BgpPeer peer, BgpPeerOptions next)
    {
        var wanted = entry.IsNeighbour ? Neighbours.OptionsFor(next, entry.Options.Address!, peer.Name) : next;
        entry.Session.Reconfigure(wanted);
        _entries[wanted.Name] = entry with { Peer = peer, Options = wanted };
    }

    // Of those that are away the one that left first goes.
    private bool MakeRoom(string peer, int limit)
    {
        var neighbours = _entries.Values.Where(entry => entry.Peer.Name == peer).ToList();
        if (neighbours.Count < limit) return true;
        var now = services.Time.GetUtcNow();
        var away = neighbours.Where(entry => Neighbours.IsAway(entry.Session.Status, now)).MinBy(entry => entry.Session.Status.Since);
        if (away is null) return false;
        Remove(away, Notification.Cease(CeaseSubcode.OutOfResources));
        return true;
    }

    private void Remove(Entry gone, Notification farewell)
    {
        _entries.TryRemove(gone.Options.Name, out _);
        _leaving.RemoveAll(task => task.IsCompleted);
        _leaving.Add(Stop(gone.Session, farewell));
    }

    private bool IsBeyond(BgpPeerOptions peer, long zone) =>
        peer is { Address: null, Interface: { } device } && LocalAddresses.FindInterfaceIndex(services.Scope, device) == zone;

    // A listener adds a zone to link-local addresses that the configuration may leave out.
    private static bool SameHost(IPAddress one, IPAddress other) =>
        one.Equals(other) || (one.IsIPv6LinkLocal && other.IsIPv6LinkLocal && one.GetAddressBytes().AsSpan().SequenceEqual(other.GetAddressBytes())
            && (one.ScopeId == 0 || other.ScopeId == 0));
}
