using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Accepts the connections of peers that dial us, on one address family.</summary>
internal sealed class BgpListener : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly IPEndPoint _endPoint;
    private readonly Action<Socket> _accepted;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<Prefix, string> _keys = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    /// <param name="device">The VRF whose connections alone are taken; null for those of the node's own table.</param>
    public BgpListener(IPEndPoint endPoint, string? device, INetworkScope scope, TimeProvider time, ILogger log, Action<Socket> accepted)
    {
        (_endPoint, _time, _log, _accepted) = (endPoint, time, log, accepted);
        _socket = BgpTransport.ForListening(scope, endPoint, device);
        _accepting = Task.Run(Accept);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>From now on the segments of peers that have a key must be signed with it, and those of no others.</summary>
    /// <param name="keys">By the prefix of the peers' addresses; the longest that fits is theirs.</param>
    public void SetKeys(IReadOnlyDictionary<Prefix, string> keys)
    {
        var ours =
            keys.Where(key => key.Key.Network.Family == (_endPoint.AddressFamily == AddressFamily.InterNetwork ? IpFamily.IPv4 : IpFamily.IPv6)).ToDictionary();
        foreach (var gone in _keys.Keys.Except(ours.Keys).ToList()) SetKey(gone, password: null);
        foreach (var (prefix, password) in ours.Where(key => _keys.GetValueOrDefault(key.Key) != key.Value)) SetKey(prefix, password);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private void SetKey(Prefix prefix, string? password)
    {
        var network = prefix.Network.ToIPAddress();
        if (prefix.Length == prefix.Network.Bits) TcpMd5.SetKey(_socket, network, password);
        else TcpMd5.SetKey(_socket, network, prefix.Length, password);
        if (password is null) _keys.Remove(prefix);
        else _keys[prefix] = password;
    }

    private async Task Accept()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _accepted(await _socket.AcceptAsync(_stopping.Token));
            }
            catch (SocketException failed) // such as too many open files: what is open goes on, and it may pass
            {
                _log.AcceptFailed(failed, _endPoint);
                await Task.Delay(Retry, _time, _stopping.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
