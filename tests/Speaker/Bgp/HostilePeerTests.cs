using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Hosts that mean no good: floods of connections, nonsense in pieces of any size, neighbours beyond the limit.</summary>
public sealed class HostilePeerTests : LoopbackSpeakerTests
{
    private static readonly IPEndPoint Ours = new(new IPAddress([127, 90, (byte)(Environment.ProcessId >> 8), (byte)Environment.ProcessId]), 1790);

    private readonly List<ScriptedConnection> _connections = [];

    public HostilePeerTests() : base(new() { Repeats = true }, LogLevel.Warning, Ours)
    {
    }

    private protected override void HangUp() => _connections.ForEach(connection => connection.Dispose());

    [Fact]
    public async Task A_flood_of_strangers_leaves_the_sessions_alone()
    {
        await Speaker.Whole(1, 1, [Good], []);
        var good = await Establish("127.0.0.2");
        await Speaker.UntilEstablished();
        var strangers = new List<Socket>();
        for (var i = 0; i < 500; i++)
        {
            var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.99"), 0));
            await stranger.ConnectAsync(Ours, TestContext.Current.CancellationToken);
            strangers.Add(stranger); // and says nothing, and does not close
        }

        await Speaker.Step(1, 2, Plan.Routes("203.0.113.1/32"), []);
        Assert.Equal(1, (await good.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
        Time.Advance(TimeSpan.FromSeconds(1)); // the patience with those that were told
        foreach (var stranger in strangers) await EndOf(stranger);
        Assert.Equal(("good", 0), (Assert.Single(Speaker.Sessions).Peer.Name, Speaker.Sessions[0].Flaps));
    }

    [Fact]
    public async Task No_more_neighbours_than_the_limit_have_a_session_however_many_come()
    {
        const int Limit = 10, Many = 40; // no more are refused than are told so at a time: who has been told takes no place that falls vacant later
        await Speaker.Whole(1, 1, [Plan.Peer() with { Address = null, Range = new(Prefix.Parse("127.0.0.0/24"), Limit) }], []);
        for (var i = 1; i <= Many; i++) _connections.Add(await ScriptedPeer.Dial($"127.0.0.{i}", Ours));
        foreach (var let in _connections.Take(Limit)) await let.Read<OpenMessage>();
        foreach (var refused in _connections.Skip(Limit))
            Assert.Equal(Notification.Cease(CeaseSubcode.ConnectionRejected), await refused.Read<Notification>());
        Assert.Equal(Limit, Speaker.Sessions.Count);
        Time.Advance(BgpFsm.OpenHoldTime); // those that never sent an OPEN
        foreach (var mute in _connections.Take(Limit)) Assert.Equal(Notification.HoldTimerExpired, await mute.Read<Notification>());
        await Daemon.Eventually(() => $"{Speaker.Sessions.Count(session => session.State == BgpStateName.Idle)}", answer => answer == $"{Limit}");
        Time.Advance(TimeSpan.FromMinutes(1)); // none of them comes back
        await Daemon.Eventually(() => $"{Speaker.Sessions.Count(session => session.State == BgpStateName.Active)}", answer => answer == $"{Limit}");
        Time.Advance(TimeSpan.FromSeconds(3));
        await Establish("127.0.0.200");
        await Speaker.UntilEstablished();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_a_peer_says_before_the_next_session_with_it_is_as_good_as_new(int seed)
    {
        await Speaker.Whole(1, 1, [Good], Plan.Routes("203.0.113.1/32"));
        var random = new Random(seed);
        for (var attempt = 0; attempt < 25; attempt++)
        {
            await Talk(random);
            await Daemon.Eventually(() => $"{Speaker.Sessions[0].State}", state => state is "Idle" or "Active"); // the speaker has closed it
            Time.Advance(TimeSpan.FromMinutes(2)); // however long it has to wait in Idle by now
            await Daemon.Eventually(() => $"{Speaker.Sessions[0].State}", state => state == "Active");
        }

        var good = await Establish("127.0.0.2");
        Assert.Equal(1, (await good.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
    }

    /// <summary>Half of a right beginning, then damaged messages in pieces of any size; at last it has no more to say.</summary>
    private static async Task Talk(Random random)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(Ours, TestContext.Current.CancellationToken);
        byte[][] right = [ScriptedPeer.Ipv4Open.ToArray(), new KeepaliveMessage().ToArray(), .. Enumerable.Repeat(Announcement(), 6)];
        byte[] said = [.. right.Take(random.Next(right.Length)).SelectMany(message => message), .. right.SelectMany(message => Damaged(random, message))];
        try
        {
            for (var at = 0; at < said.Length;)
            {
                var length = Math.Min(random.Next(1, 80), said.Length - at);
                at += await socket.SendAsync(said.AsMemory(at, length), TestContext.Current.CancellationToken);
            }
        }
        catch (SocketException)
        {
            // it was told goodbye before it had said all
        }

        if (socket.Connected) socket.Shutdown(SocketShutdown.Send);
        await EndOf(socket);
    }

    private static byte[] Announcement()
    {
        var message = new byte[BgpHeader.MaxLength];
        var attributes = new PathAttributes { Origin = Origin.Igp, AsPath = AsPath.Sequence(new Asn(64501)), NextHop = NextHop.Parse("192.0.2.2"),
            Communities = [Protocols.Bgp.Community.NoExport] };
        return message[..UpdateWriter.Announce(message, new UpdateFormat { FourOctetAs = true }, attributes,
            [new(Protocols.Bgp.Prefix.Parse("198.51.100.0/24"))], out _)];
    }

    private static byte[] Damaged(Random random, byte[] message)
    {
        var bytes = (byte[])message.Clone();
        for (var changes = random.Next(3); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static BgpPeer Good => Plan.Peer("127.0.0.2") with { Name = "good", Passive = true, NextHop = new(Address.Parse("192.0.2.9"), null) };

    private async Task<ScriptedConnection> Establish(string from)
    {
        var connection = await ScriptedPeer.Dial(from, Ours);
        _connections.Add(connection);
        await connection.Establish(ScriptedPeer.Ipv4Open);
        return connection;
    }

    /// <summary>Reads to the end, however it comes.</summary>
    private static async Task EndOf(Socket socket)
    {
        using (socket)
        {
            try
            {
                while (await socket.ReceiveAsync(new byte[64]).WaitAsync(Wire.Patience) > 0) { }
            }
            catch (SocketException)
            {
                // reset: closed without a word
            }
        }
    }
}
