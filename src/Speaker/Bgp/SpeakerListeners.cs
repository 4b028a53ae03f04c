using System.Net;
using System.Net.Sockets;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// The sockets on which peers may connect: one for each place that a present peer needs, a VRF having places of its own. What cannot be listened on is tried
/// again. Owned by the speaker's loop.
/// </summary>
/// <param name="accepted">A connection, and the VRF in which it came.</param>
internal sealed class SpeakerListeners(BgpSpeakerOptions options, BgpSessionServices services, Action<Socket, string?> accepted) : IAsyncDisposable
{
    private readonly Dictionary<ListeningPlace, BgpListener> _open = [];
    private readonly Dictionary<ListeningPlace, string> _failed = [];
    private readonly List<Task> _closing = [];
    private Dictionary<Prefix, string> _keys = [];

    /// <summary>From now on these are all peers. Connections that are open stay so.</summary>
    public void Follow(IReadOnlyCollection<BgpPeer> peers)
    {
        _keys = ListenerKeys.Of(peers);
        var wanted = peers.SelectMany(peer => ListeningPlace.For(peer, options.ListenOn)).ToHashSet();
        wanted.RemoveWhere(place => wanted.Any(other => other.Covers(place)));
        foreach (var place in _open.Keys.Where(place => !wanted.Contains(place)).ToList()) Close(place);
        foreach (var place in _failed.Keys.Where(place => !wanted.Contains(place)).ToList()) _failed.Remove(place);
        foreach (var listener in _open.Values) SetKeys(listener);
        foreach (var place in wanted.Where(place => !_open.ContainsKey(place))) Open(place);
    }

    /// <summary>What has the port may be gone by now.</summary>
    public void TryAgain()
    {
        foreach (var place in _failed.Keys.ToList()) Open(place);
    }

    /// <summary>Why the peer cannot connect to this node; null when it can, or is not to.</summary>
    public string? FaultFor(BgpPeer peer)
    {
        var places = ListeningPlace.For(peer, options.ListenOn).Where(place => place.Suits(peer)).ToList();
        return places.Exists(place => _open.Keys.Any(open => open == place || open.Covers(place)))
            ? null
            : places.Select(place => _failed.GetValueOrDefault(place)).FirstOrDefault(fault => fault is not null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _open.Keys.ToList()) Close(place);
        await Task.WhenAll(_closing);
    }

    private void Open(ListeningPlace place)
    {
        try
        {
            var listener =
                _open[place] = new(place.EndPoint, place.Device, services.Scope, services.Time, services.Log, socket => accepted(socket, place.Device));
            _failed.Remove(place);
            SetKeys(listener);
        }
        catch (Exception failed) when (failed is SocketException or LinkException or PlatformNotSupportedException) // we can still dial
        {
            if (!_failed.TryGetValue(place, out var before) || before != failed.Message) services.Log.ListenFailed(failed, place.EndPoint);
            _failed[place] = failed.Message;
        }
    }

    private void Close(ListeningPlace place)
    {
        if (!_open.Remove(place, out var listener)) return;
        _closing.RemoveAll(task => task.IsCompleted);
        _closing.Add(listener.DisposeAsync().AsTask());
    }

    private void SetKeys(BgpListener listener)
    {
        try
        {
            listener.SetKeys(_keys);
        }
        catch (Exception failed) when (failed is SocketException or PlatformNotSupportedException or ArgumentException)
        {
            services.Log.PasswordNotSet(failed, listener.EndPoint); // the session of a peer that is dialled says so too
        }
    }
}
