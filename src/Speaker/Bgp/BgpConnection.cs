using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// One TCP connection of a session: a task that reads messages and hands over each in its turn, and a task that writes. The owner's loop tells it what to
/// write and when to end; neither waits for the other, so a peer that does not read cannot stop the loop.
/// </summary>
internal sealed class BgpConnection : IAsyncDisposable
{
    private const int ReadBufferLength = BgpHeader.MaxExtendedLength + 1;

    private readonly Socket _socket;
    private readonly Side _side;
    private readonly Func<BgpConnection, BgpEvent, Task> _tell;
    private readonly Channel<Outbound> _outbound = Channel.CreateUnbounded<Outbound>(new() { SingleReader = true });
    private readonly CancellationTokenSource _broken = new();
    private readonly MessageCounters _received;
    private readonly MessageCounters _sent;
    private readonly Task _reading;
    private readonly Task _writing;
    private volatile UpdateFormat _format = new();
    private volatile bool _ending;

    /// <param name="tell">Hands an event to the owner, and is done once the owner has dealt with it: at most one is under way.</param>
    public BgpConnection(Socket socket, Side side, MessageCounters received, MessageCounters sent, Func<BgpConnection, BgpEvent, Task> tell)
    {
        (_socket, _side, _received, _sent, _tell) = (socket, side, received, sent, tell);
        Local = (IPEndPoint)socket.LocalEndPoint!;
        Remote = (IPEndPoint)socket.RemoteEndPoint!;
        _reading = Task.Run(Read);
        _writing = Task.Run(Write);
    }

    public IPEndPoint Local { get; }

    public IPEndPoint Remote { get; }

    /// <summary>How the peer writes its UPDATEs, from the moment that both OPENs are known.</summary>
    public UpdateFormat Format
    {
        set => _format = value;
    }

    public void Send(BgpMessage message) => _outbound.Writer.TryWrite(new Outbound.Message(message.Type, message.ToArray()));

    /// <summary>Writes whatever the source has to write, once all before it is written.</summary>
    public void Send(IOutboundSource source) => _outbound.Writer.TryWrite(new Outbound.FromSource(source));

    /// <summary>Sets what can change on a running connection: its TTL, the TTL that it takes, and its key.</summary>
    public void Follow(BgpPeerOptions before, BgpPeerOptions peer)
    {
        BgpTransport.SetTtl(_socket, peer);
        if (before.Password != peer.Password) TcpMd5.SetKey(_socket, Remote.Address, peer.Password);
    }

    /// <summary>
    /// Ends the connection: what was sent before goes out, the peer gets the time to read it, then the socket is closed. Closing it at once would reset the
    /// connection while there is something unread, and the peer would lose the NOTIFICATION.
    /// </summary>
    public async Task End(TimeSpan patience, TimeProvider time)
    {
        _ending = true;
        _outbound.Writer.TryComplete();
        using var deadline = new CancellationTokenSource(patience, time);
        await using var cutting = deadline.Token.Register(_broken.Cancel);
        await _writing;
        try
        {
            if (!_broken.IsCancellationRequested) _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            await _broken.CancelAsync(); // the peer was quicker
        }

        await _reading;
        _socket.Dispose();
    }

    /// <summary>Breaks off: nothing more is said or heard. <see cref="End"/> is still due.</summary>
    public void Cut() => _broken.Cancel();

    public async ValueTask DisposeAsync()
    {
        Cut();
        await End(TimeSpan.Zero, TimeProvider.System);
    }

    private async Task Read()
    {
        try
        {
            await ReadMessages();
        }
        catch (Exception lost) when (lost is SocketException or OperationCanceledException)
        {
            // as if the peer had closed it
        }

        if (!_ending) await _tell(this, new BgpEvent.Closed(_side));
    }

    private async Task ReadMessages()
    {
        var buffer = new byte[ReadBufferLength];
        var filled = 0;
        while (await _socket.ReceiveAsync(buffer.AsMemory(filled), _broken.Token) is > 0 and var count)
        {
            filled += count;
            var used = await Consume(buffer.AsMemory(0, filled));
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
    }

    // Hands over every whole message; once the connection ends, what still comes in is thrown away.
    private async Task<int> Consume(ReadOnlyMemory<byte> bytes)
    {
        var used = 0;
        while (!_ending)
        {
            if (!BgpHeader.TryRead(bytes.Span[used..], _format.ExtendedMessages, out var header, out var error))
            {
                if (error is null) return used;
                await _tell(this, new BgpEvent.Malformed(_side, error));
                return bytes.Length; // the machine ends the connection over this
            }

            if (bytes.Length - used < header.MessageLength) return used;
            _received.Count(header.Type);
            await _tell(this, Understand(header, bytes.Span.Slice(used + BgpHeader.Length, header.BodyLength)));
            used += header.MessageLength;
        }

        return bytes.Length;
    }

    private BgpEvent Understand(BgpHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Type == BgpMessageType.Update) return new BgpEvent.UpdateReceived(_side, UpdateReader.Read(body, _format));
        return BgpMessageReader.Read(header, body, out var error) is { } message
            ? new BgpEvent.Received(_side, message)
            : new BgpEvent.Malformed(_side, error!);
    }

    private async Task Write()
    {
        try
        {
            await foreach (var outbound in _outbound.Reader.ReadAllAsync(_broken.Token))
            {
                if (outbound is Outbound.FromSource from) await WriteFrom(from.Source);
                else if (outbound is Outbound.Message message) await WriteMessage(message);
            }
        }
        catch (Exception lost) when (lost is SocketException or OperationCanceledException)
        {
            // The reader finds it too, and tells.
            await _broken.CancelAsync();
        }
    }

    private async Task WriteMessage(Outbound.Message message)
    {
        await SendAll(message.Bytes);
        _sent.Count(message.Type);
        await TellWritten();
    }

    private async Task WriteFrom(IOutboundSource source)
    {
        while (source.Next() is { IsEmpty: false } bytes)
        {
            await SendAll(bytes);
            await TellWritten();
        }
    }

    private async Task SendAll(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, _broken.Token)..];
    }

    private Task TellWritten() => _ending ? Task.CompletedTask : _tell(this, new BgpEvent.Written(_side));

    private abstract record Outbound
    {
        public sealed record Message(BgpMessageType Type, ReadOnlyMemory<byte> Bytes) : Outbound;

        public sealed record FromSource(IOutboundSource Source) : Outbound;
    }
}

/// <summary>Something that produces bytes as the connection can take them.</summary>
internal interface IOutboundSource
{
    /// <summary>The next bytes to write; empty when there is nothing more to say for now. They stay valid until the next call.</summary>
    ReadOnlyMemory<byte> Next();
}
