using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Tells whoever asks that this process runs, by UDP at the silo's port. It has a thread of its own that does nothing else: in a process that has more to do than
/// it gets of the processors, whatever goes through the pool waits for hundreds of milliseconds, a probe's answer too, and a thread that always sleeps for a few.
/// </summary>
internal sealed class SiloPulse(Lazy<ILocalSiloDetails> local, ILogger<SiloPulse> log) : IHostedService, IDisposable
{
    private Socket? _socket;
    private Thread? _thread;
    private volatile bool _isStopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var silo = local.Value.SiloAddress;
        var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(silo.Endpoint);
        }
        catch (SocketException taken)
        {
            socket.Dispose();
            log.PulseNotHeard(silo.Endpoint, taken.Message);
            return Task.CompletedTask;
        }
        _socket = socket;
        _thread = new(() => Answer(socket, silo.Generation)) { IsBackground = true, Name = "silo pulse" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _isStopping = true;
        _socket?.Dispose();
        _thread?.Join();
        _thread = null;
    }

    private void Answer(Socket socket, int generation)
    {
        var from = new SocketAddress(socket.AddressFamily);
        Span<byte> frame = stackalloc byte[PulseFrame.Length + 1]; // one more: what is longer is no question
        try
        {
            while (true)
            {
                var length = Receive(socket, frame, from);
                if (PulseFrame.TryAnswer(frame[..length], generation)) Send(socket, frame[..length], from);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            if (!_isStopping) log.PulseNotHeard(local.Value.SiloAddress.Endpoint, fault.Message);
        }
    }

    /// <summary>Nothing for a datagram that is too long, and where the system tells of one of ours that did not arrive.</summary>
    private static int Receive(Socket socket, Span<byte> frame, SocketAddress from)
    {
        try
        {
            return socket.ReceiveFrom(frame, SocketFlags.None, from);
        }
        catch (SocketException passing) when (passing.SocketErrorCode is SocketError.MessageSize or SocketError.ConnectionReset or SocketError.ConnectionRefused)
        {
            return 0;
        }
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> answer, SocketAddress to)
    {
        try
        {
            socket.SendTo(answer, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            // it asks again
        }
    }
}
