using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// Connections of hosts that may have no session: each is told so (RFC 4486 §4) and closed. So many are told at a time; beyond that they are closed without a
/// word. Owned by the speaker's loop.
/// </summary>
internal sealed class Strangers(TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int MostAtATime = 32, MostNamed = 1024;

    /// <summary>How long a host may take to read it: closing at once would reset the connection, and it would read nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly byte[] Refusal = Notification.Cease(CeaseSubcode.ConnectionRejected).ToArray();

    private readonly HashSet<IPAddress> _named = [];
    private readonly List<Task> _parting = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="why">As the end of "a connection was refused: …".</param>
    public void Refuse(Socket socket, IPAddress address, string why)
    {
        var news = _named.Count < MostNamed && _named.Add(address); // routers try again and again
        log.StrangerRefused(news ? LogLevel.Warning : LogLevel.Debug, address, why);
        _parting.RemoveAll(task => task.IsCompleted);
        if (_parting.Count < MostAtATime) _parting.Add(Part(socket));
        else socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_parting);
        _stopping.Dispose();
    }

    private async Task Part(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        try
        {
            await socket.SendAsync(Refusal, ended.Token);
            socket.Shutdown(SocketShutdown.Send);
            var unread = new byte[BgpHeader.MaxLength];
            while (await socket.ReceiveAsync(unread, ended.Token) > 0) { }
        }
        catch (Exception lost) when (lost is SocketException or OperationCanceledException)
        {
            // it was told, or did not want to know
        }
        finally
        {
            socket.Dispose();
        }
    }
}
