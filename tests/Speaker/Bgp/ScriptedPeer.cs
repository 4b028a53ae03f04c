using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>A peer on the loopback that does exactly what the test says.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ScriptedPeer(IPAddress? address = null)
    {
        _listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public static SpeakerSettings Ours { get; } = new()
    {
        LocalAsn = new(64500), RouterId = RouterId.Parse("192.0.2.1"), PeerAs = PeerAs.Exactly(new(64501)), Families = [Family.Ipv4Unicast, Family.Ipv6Unicast],
    };

    public static OpenMessage Open { get; } =
        OpenNegotiation.Open(Ours with { LocalAsn = new(64501), RouterId = RouterId.Parse("192.0.2.2"), ExtendedMessages = false }, withCapabilities: true);

    /// <summary>Of a peer that speaks IPv4 alone.</summary>
    public static OpenMessage Ipv4Open { get; } =
        OpenNegotiation.Open(Ours with { LocalAsn = new(64501), RouterId = RouterId.Parse("192.0.2.2"), ExtendedMessages = false,
            Families = [Family.Ipv4Unicast] }, withCapabilities: true);

    public IPAddress Address => ((IPEndPoint)_listener.LocalEndPoint!).Address;

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async Task<ScriptedConnection> Accept() => new(await _listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Wire.Patience));

    /// <summary>Accepts a connection and brings it to Established.</summary>
    public async Task<ScriptedConnection> Establish(OpenMessage? open = null)
    {
        var connection = await Accept();
        await connection.Establish(open ?? Open);
        return connection;
    }

    /// <summary>Connects to a speaker from an address of the loopback, under a key if one is given (RFC 2385).</summary>
    public static async Task<ScriptedConnection> Dial(string from, IPEndPoint to, string? password = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        if (password is not null) TcpMd5.SetKey(socket, to.Address, password);
        await socket.ConnectAsync(to, TestContext.Current.CancellationToken).AsTask().WaitAsync(Wire.Patience);
        return new(socket);
    }

    /// <summary>Takes connections of this host under this key only (RFC 2385).</summary>
    public void SetKey(IPAddress host, string password) => TcpMd5.SetKey(_listener, host, password);

    public void Dispose() => _listener.Dispose();
}

/// <summary>The peer's end of one connection.</summary>
internal sealed class ScriptedConnection(Socket socket) : IDisposable
{
    /// <summary>How it reads UPDATEs.</summary>
    public UpdateFormat Format { get; set; } = new() { FourOctetAs = true, ExtendedMessages = true };

    public void SetKey(IPAddress host, string password) => TcpMd5.SetKey(socket, host, password);

    public async Task Establish(OpenMessage open)
    {
        Assert.IsType<OpenMessage>(await Read());
        Send(open);
        Assert.IsType<KeepaliveMessage>(await Read());
        Send(new KeepaliveMessage());
    }

    public void Send(BgpMessage message) => Send(message.ToArray());

    public void Send(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, socket.Send(bytes));

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes).AsTask().WaitAsync(Wire.Patience);

    /// <summary>The next message; an UPDATE comes judged.</summary>
    public async Task<object> Read()
    {
        var head = await Exactly(BgpHeader.Length);
        Assert.True(BgpHeader.TryRead(head, extendedMessages: true, out var header, out var error), error?.ToString());
        var body = await Exactly(header.BodyLength);
        return header.Type == BgpMessageType.Update
            ? UpdateReader.Read(body, Format)
            : BgpMessageReader.Read(header, body, out _)!;
    }

    public async Task<T> Read<T>() => Assert.IsType<T>(await Read());

    /// <summary>Reads messages until there is one of this kind.</summary>
    public async Task<T> ReadUntil<T>(Predicate<T>? wanted = null)
    {
        while (true)
        {
            if (await Read() is T message && wanted?.Invoke(message) != false) return message;
        }
    }

    /// <summary>Nothing more comes but the end.</summary>
    public async Task ReadEnd() => Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(Wire.Patience));

    public void Dispose() => socket.Dispose();

    private async Task<byte[]> Exactly(int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(filled)).AsTask().WaitAsync(Wire.Patience);
            if (read == 0) throw new EndOfStreamException("The speaker closed the connection.");
            filled += read;
        }

        return bytes;
    }
}
