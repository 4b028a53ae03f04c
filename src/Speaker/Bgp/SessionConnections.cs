using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// The connections of one session: the one that is being made, up to two that are open, and those that are coming to their end. Owned by the session's loop.
/// </summary>
internal sealed class SessionConnections(BgpSessionServices services, SessionRecord record, Func<SessionInput, bool> post) : IAsyncDisposable
{
    /// <summary>How long a peer may take to read our last words.</summary>
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromSeconds(1);

    private readonly BgpConnection?[] _open = new BgpConnection?[2];
    private readonly List<(BgpConnection Connection, Task Ended)> _ending = [];
    private readonly List<Task> _dials = [];
    private readonly SessionRoutes _routes = new(services, record);
    private readonly PeerAddress _address = new(services);
    private CancellationTokenSource? _dialling;

    /// <summary>The connection of the session, or the one that has come furthest.</summary>
    public BgpConnection? Current => _open[(int)Side.Outgoing] ?? _open[(int)Side.Incoming];

    /// <summary>Whether a connection still is one of the two; what it says after it was closed counts no more.</summary>
    public bool IsCurrent(BgpConnection connection) => _open.Contains(connection);

    /// <summary>May be called by any thread.</summary>
    public void Want(WantedRoutes wanted) => _routes.Want(wanted);

    public void Dial(BgpPeerOptions peer)
    {
        var dialling = _dialling = new();
        _dials.RemoveAll(dial => dial.IsCompleted);
        _dials.Add(Task.Run(() => Connect(peer, dialling)));
    }

    public void AbandonDial()
    {
        _dialling?.Cancel();
        _dialling = null;
    }

    /// <summary>Takes the result of a dial over, unless it was abandoned.</summary>
    public bool TakeDialled(SessionInput.DialEnded ended)
    {
        if (ended.Attempt != _dialling)
        {
            ended.Socket?.Dispose();
            return false;
        }

        _dialling = null;
        if (ended.Socket is { } socket) _open[(int)Side.Outgoing] = Open(socket, Side.Outgoing);
        return true;
    }

    public void Adopt(Side side, Socket socket, BgpPeerOptions peer)
    {
        BgpTransport.Prepare(socket, peer, ((IPEndPoint)socket.RemoteEndPoint!).Address);
        _open[(int)side] = Open(socket, side);
    }

    public void Reject(Socket socket, Notification reason)
    {
        var connection = Open(socket, Side.Incoming);
        connection.Send(reason);
        End(connection);
    }

    public void Send(Side side, BgpMessage message) => _open[(int)side]?.Send(message);

    /// <summary>Tells a connection how its peer writes, as soon as both OPENs are known.</summary>
    public void Understand(Side side, BgpLink? link)
    {
        if (link?.Agreed is { } session && _open[(int)side] is { } connection) connection.Format = session.Receive;
    }

    public void Close(Side side)
    {
        if (_open[(int)side] is not { } connection) return;
        _open[(int)side] = null;
        _routes.End(connection);
        End(connection);
    }

    public void BeginRoutes(Side side, SessionParameters session, BgpPeerOptions peer)
    {
        if (_open[(int)side] is { } connection) _routes.Begin(connection, session, peer);
    }

    public void SendRoutes() => _routes.Send();

    public void Readvertise(Family family, bool bracketed) => _routes.Readvertise(family, bracketed);

    /// <summary>Takes over what can change under a running session.</summary>
    public void Follow(BgpPeerOptions before, BgpPeerOptions peer)
    {
        _routes.Follow(peer);
        foreach (var connection in _open) connection?.Follow(before, peer);
    }

    public void CutAll()
    {
        foreach (var connection in _open) connection?.Cut();
        foreach (var (connection, _) in _ending) connection.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        AbandonDial();
        Close(Side.Outgoing);
        Close(Side.Incoming);
        await Task.WhenAll([.. _dials, .. _ending.Select(each => each.Ended)]);
        await _address.DisposeAsync();
    }

    private BgpConnection Open(Socket socket, Side side) => new(socket, side, record.ReceivedMessages, record.SentMessages, Tell);

    private Task Tell(BgpConnection connection, BgpEvent happened)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return post(new SessionInput.OfConnection(connection, happened, done)) ? done.Task : Task.CompletedTask;
    }

    private async Task Connect(BgpPeerOptions peer, CancellationTokenSource dialling)
    {
        Socket? socket = null;
        try
        {
            var remote = await _address.Find(peer, dialling.Token);
            socket = BgpTransport.ForDialling(services.Scope, peer, remote);
            await socket.ConnectAsync(new IPEndPoint(remote, peer.Port), dialling.Token);
        }
        catch (Exception failed)
        {
            socket?.Dispose();
            socket = null;
            if (failed is OperationCanceledException) return;
            if (record.NotConnected(SessionTrouble.Of(failed))) services.Log.NotConnected(peer.Name, failed.Message);
        }

        if (!post(new SessionInput.DialEnded(dialling, socket))) socket?.Dispose();
    }

    private void End(BgpConnection connection)
    {
        _ending.RemoveAll(each => each.Ended.IsCompleted);
        _ending.Add((connection, connection.End(LastWordsTime, services.Time)));
    }
}
