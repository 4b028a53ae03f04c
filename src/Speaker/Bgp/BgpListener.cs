using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
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
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public BgpListener(IPEndPoint endPoint, INetworkScope scope, TimeProvider time, ILogger log, Action<Socket> accepted)
    {
        (_endPoint, _time, _log, _accepted) = (endPoint, time, log, accepted);
        _socket = BgpTransport.ForListening(scope, endPoint);
        _accepting = Task.Run(Accept);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>From now on the segments of peers whose address begins with so many bits of this one must be signed with this password; null: must not be signed.</summary>
    public void SetKey(IPAddress network, int prefixLength, string? password)
    {
        if (network.AddressFamily != _endPoint.AddressFamily) return;
        if (prefixLength == network.GetAddressBytes().Length * 8) TcpMd5.SetKey(_socket, network, password);
        else TcpMd5.SetKey(_socket, network, prefixLength, password);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _socket.Dispose();
        _stopping.Dispose();
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
