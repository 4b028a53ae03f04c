using System.Diagnostics;
using System.Globalization;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Bench.Bgp;

/// <summary>
/// Damages messages at random and feeds them to the decoder, and what comes of them, with everything else that can happen, to the state machine. Each find is
/// shown with the seed that leads to it; it belongs into the tests, by name.
/// </summary>
internal static class BgpFuzz
{
    private const int RunLength = 200;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private static readonly UpdateFormat[] Formats =
    [
        new() { FourOctetAs = true },
        new() { FourOctetAs = true, ExtendedMessages = true, IsInternal = true, AddPath = [Family.Ipv4Unicast, Family.Ipv6Unicast] },
        new(),
    ];

    private static readonly SpeakerSettings Settings = new()
    {
        LocalAsn = new(64500), RouterId = new(0xC0000201), PeerAs = PeerAs.Any, Families = [Family.Ipv4Unicast, Family.Ipv6Unicast], Role = BgpRole.Customer,
        GracefulRestart = new(TimeSpan.FromSeconds(120)),
    };

    public static Task<BenchResult> Run()
    {
        var (started, first) = (Stopwatch.GetTimestamp(), Environment.TickCount);
        var (runs, messages) = (0, 0L);
        for (; Stopwatch.GetElapsedTime(started) < Duration; runs++) messages += Try(first + runs);
        return Task.FromResult(new BenchResult("bgp-fuzz",
            [new("decoder and state machine", new Dictionary<string, double> { ["runs"] = runs, ["messages"] = messages })],
            new Dictionary<string, double>()));
    }

    private static int Try(int seed)
    {
        try
        {
            return Play(new Random(seed));
        }
        catch (Exception found)
        {
            throw new BenchException(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {found}"));
        }
    }

    /// <summary>One life of a state machine, whose peer talks nonsense half of the time.</summary>
    private static int Play(Random random)
    {
        var (fsm, state) = (new BgpFsm(Settings), BgpState.Initial);
        var corpus = Corpus();
        for (var i = 0; i < RunLength; i++)
        {
            var side = (Side)random.Next(2);
            var input = random.Next(3) == 0
                ? Happening(random, side)
                : Hear(Damaged(random, corpus[random.Next(corpus.Length)]), side, Formats[random.Next(Formats.Length)]);
            var (next, effects) = fsm.Step(state, input, Jitter.Of(random.NextDouble()));
            Check(state, next, effects);
            state = next;
        }

        return RunLength;
    }

    private static byte[][] Corpus()
    {
        var attributes = new PathAttributes
        {
            Origin = Origin.Igp, AsPath = AsPath.Sequence(new Asn(64501), new Asn(4_200_000_000)), NextHop = NextHop.Parse("192.0.2.1"), MultiExitDisc = 1,
            LocalPref = 2,
            AtomicAggregate = true, Aggregator = new(new(64501), new(1)), Communities = [Community.NoExport],
            ExtendedCommunities = [ExtendedCommunity.RouteTarget(new(1), 2)],
            LargeCommunities = [new(1, 2, 3)], OnlyToCustomer = new Asn(64501),
        };
        return
        [
            OpenNegotiation.Open(Settings with { LocalAsn = new(64501), RouterId = new(7), AddPathSend = true, ExtendedNextHop = true,
                Role = BgpRole.Provider }, true).ToArray(),
            new KeepaliveMessage().ToArray(),
            new RouteRefreshMessage(Family.Ipv6Unicast).ToArray(),
            Notification.Cease(CeaseSubcode.AdministrativeShutdown, "maintenance").ToArray(),
            Announced(attributes, "203.0.113.0/24"),
            Announced(attributes with { NextHop = NextHop.Parse("2001:db8::1") }, "2001:db8::/48"),
            Update(buffer => UpdateWriter.Withdraw(buffer, Formats[0], [new(Prefix.Parse("2001:db8::/48"))], out _)),
            Update(buffer => UpdateWriter.EndOfRib(buffer, Family.Ipv6Unicast)),
        ];
    }

    private static byte[] Announced(PathAttributes attributes, string prefix) =>
        Update(buffer => UpdateWriter.Announce(buffer, Formats[0], attributes, [new(Prefix.Parse(prefix))], out _));

    private static byte[] Update(Func<byte[], int> write)
    {
        var buffer = new byte[BgpHeader.MaxLength];
        return buffer[..write(buffer)];
    }

    /// <summary>A few octets changed, left out, doubled or cut off; often nothing at all, so that sessions come up.</summary>
    private static byte[] Damaged(Random random, byte[] message)
    {
        var bytes = message.ToList();
        for (var changes = random.Next(5) - 2; changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.InsertRange(at, bytes.Skip(at).Take(random.Next(20)).ToArray()); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }

    private static BgpEvent Hear(byte[] bytes, Side side, UpdateFormat format)
    {
        if (!BgpHeader.TryRead(bytes, format.ExtendedMessages, out var header, out var error))
            return error is null ? new BgpEvent.Closed(side) : new BgpEvent.Malformed(side, error);
        var body = bytes.AsSpan(BgpHeader.Length);
        if (header.Type == BgpMessageType.Update) return new BgpEvent.UpdateReceived(side, UpdateReader.Read(body, format));
        return BgpMessageReader.Read(header, body, out error) is { } message ? new BgpEvent.Received(side, message) : new BgpEvent.Malformed(side, error!);
    }

    private static BgpEvent Happening(Random random, Side side) => random.Next(12) switch
    {
        0 or 1 or 2 => new BgpEvent.Start(),
        3 => new BgpEvent.Stop(random.Next(2) == 0 ? null : Notification.Cease(CeaseSubcode.AdministrativeShutdown, "bye")),
        4 or 5 => new BgpEvent.Dialed(),
        6 => new BgpEvent.DialFailed(),
        7 => new BgpEvent.Accepted(),
        8 => new BgpEvent.Written(side),
        9 => new BgpEvent.Fail(Notification.Cease(CeaseSubcode.BfdDown)),
        _ => new BgpEvent.TimerExpired(new((BgpTimerKind)random.Next(6), side)),
    };

    // What is ended is gone, what waits in Idle has no connection, an established session has only one, and all that is to be sent can be.
    private static void Check(BgpState before, BgpState after, ValueList<BgpEffect> effects)
    {
        foreach (var send in effects.OfType<BgpEffect.Send>()) send.Message.ToArray();
        var idle = after.Phase is DialPhase.Stopped or DialPhase.Held;
        Require(!idle || after is { Outgoing: null, Incoming: null }, "a connection in Idle");
        Require(after.Session is null || after.Outgoing is null || after.Incoming is null, "a second connection beside an established one");
        var (up, lost) = (effects.OfType<BgpEffect.SessionUp>().Count(), effects.OfType<BgpEffect.ConnectionEnded>().Count(ended => ended.WasEstablished));
        Require((before.Session is null ? 0 : 1) + up - lost == (after.Session is null ? 0 : 1), "a session that came or went in silence");
    }

    private static void Require(bool holds, string violation)
    {
        if (!holds) throw new InvalidOperationException($"The state machine left {violation}.");
    }
}
