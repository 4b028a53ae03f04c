using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The peers of a plan and their sessions. Owned by the speaker's loop; statuses may be read by any thread.</summary>
internal sealed class SpeakerPeers(BgpSpeakerOptions options, BgpSessionServices services, SpeakerRoutes routes, IReadOnlyList<BgpListener> listeners)
{
    private sealed record Entry(BgpPeer Peer, BgpPeerOptions Options, BgpPeerSession Session);

    private readonly ConcurrentDictionary<string, Entry> _entries = new();
    private readonly List<Task> _leaving = [];
    private readonly RouterId _routerId = options.RouterId ?? DefaultRouterId.Of(services.Scope, options.Node);

    public IReadOnlyList<BgpSessionStatus> Statuses => [.. _entries.Values.OrderBy(entry => entry.Peer.Name, StringComparer.Ordinal).Select(entry => entry.Session.Status)];

    public IEnumerable<BgpPeer> Configured => _entries.Values.Select(entry => entry.Peer);

    public bool Has(string peer) => _entries.ContainsKey(peer);

    /// <summary>From now on these are all peers. Sessions that are not touched by the change go on.</summary>
    /// <param name="peers">All of them.</param>
    /// <param name="farewell">What a peer is told that is not among them any more.</param>
    public void Follow(EquatableList<BgpPeer> peers, Notification farewell)
    {
        var names = peers.Select(peer => peer.Name).ToHashSet();
        foreach (var gone in _entries.Values.Where(entry => !names.Contains(entry.Peer.Name)).ToArray()) Remove(gone, farewell);
        foreach (var peer in peers) Follow(peer);
    }

    public void Advertise()
    {
        foreach (var entry in _entries.Values) entry.Session.Advertise(routes.For(entry.Peer), routes.Complete);
    }

    /// <summary>The session of the peer that has this address.</summary>
    public BgpPeerSession? Find(IPAddress address) =>
        _entries.Values.FirstOrDefault(entry => entry.Options.Address is { } expected && SameHost(expected, address))?.Session
        ?? (address.IsIPv6LinkLocal ? _entries.Values.FirstOrDefault(entry => IsBeyond(entry.Options, address.ScopeId))?.Session : null);

    /// <summary>Whether the peer keeps our routes when we go without a word.</summary>
    public bool KeepsRoutes(string peer) => _entries.TryGetValue(peer, out var entry) && entry.Session.Status.KeepsRoutes;

    /// <summary>Peers that would lose our routes when we go.</summary>
    public bool AnyDependent => _entries.Values.Any(entry => entry.Session.Status is { KeepsRoutes: false, Advertised.Routes.Count: > 0 });

    /// <param name="farewell">What each peer is told, after its routes were withdrawn; null for none.</param>
    public Task StopAll(Func<BgpSessionStatus, Notification?> farewell) => Task.WhenAll(_entries.Values.Select(entry => Stop(entry.Session, farewell(entry.Session.Status))).Concat(_leaving));

    /// <summary>Cuts the connections.</summary>
    public Task KillAll() => Task.WhenAll(_entries.Values.Select(entry => entry.Session.Kill()).Concat(_leaving));

    private static Task Stop(BgpPeerSession session, Notification? farewell)
    {
        if (farewell is not null) session.Advertise(RouteSet.Empty, complete: false);
        return session.Stop(farewell);
    }

    private void Follow(BgpPeer peer)
    {
        var next = peer.ToOptions(options, _routerId);
        if (!_entries.TryGetValue(peer.Name, out var entry))
        {
            SetListenerKey(peer.Name, next.Address, next.Password, had: null);
            _entries[peer.Name] = new(peer, next, new(next, services, restarting: true));
            return;
        }

        if (!Equals(entry.Options.Address, next.Address)) SetListenerKey(peer.Name, entry.Options.Address, null, entry.Options.Password);
        SetListenerKey(peer.Name, next.Address, next.Password, Equals(entry.Options.Address, next.Address) ? entry.Options.Password : null);
        entry.Session.Reconfigure(next);
        _entries[peer.Name] = entry with { Peer = peer, Options = next };
        if (entry.Peer != peer) routes.Forget(peer.Name);
    }

    private void Remove(Entry gone, Notification farewell)
    {
        _entries.TryRemove(gone.Peer.Name, out _);
        routes.Forget(gone.Peer.Name);
        SetListenerKey(gone.Peer.Name, gone.Options.Address, null, gone.Options.Password);
        _leaving.RemoveAll(task => task.IsCompleted);
        _leaving.Add(Stop(gone.Session, farewell));
    }

    private void SetListenerKey(string peer, IPAddress? address, string? password, string? had)
    {
        if (address is null || password == had) return;
        foreach (var listener in listeners)
        {
            try
            {
                listener.SetKey(address, password);
            }
            catch (Exception failed) when (failed is System.Net.Sockets.SocketException or PlatformNotSupportedException or ArgumentException)
            {
                services.Log.PasswordNotSet(failed, peer); // its session says so too, when it dials
            }
        }
    }

    private bool IsBeyond(BgpPeerOptions peer, long zone) =>
        peer is { Address: null, Interface: { } device } && LocalAddresses.FindInterfaceIndex(services.Scope, device) == zone;

    // A listener adds a zone to link-local addresses that the configuration may leave out.
    private static bool SameHost(IPAddress one, IPAddress other) =>
        one.Equals(other) || (one.IsIPv6LinkLocal && other.IsIPv6LinkLocal && one.GetAddressBytes().AsSpan().SequenceEqual(other.GetAddressBytes())
            && (one.ScopeId == 0 || other.ScopeId == 0));
}
