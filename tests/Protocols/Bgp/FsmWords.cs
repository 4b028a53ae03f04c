using System.Globalization;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

/// <summary>Events and effects in the words of the transcripts.</summary>
internal static class FsmWords
{
    private static readonly ReceivedUpdate FineUpdate = UpdateReader.Read(Wire.Update("", "", "").AsSpan(BgpHeader.Length), Wire.FourOctets);
    private static readonly ReceivedUpdate FatalUpdate = UpdateReader.Read(Wire.Update("20 cb", "", "").AsSpan(BgpHeader.Length), Wire.FourOctets);

    public static BgpEvent Event(string[] words) => words switch
    {
        ["start"] => new BgpEvent.Start(),
        ["stop", "silently"] => new BgpEvent.Stop(null),
        ["stop", .. var text] => new BgpEvent.Stop(Notification.Cease(CeaseSubcode.AdministrativeShutdown, string.Join(' ', text))),
        ["fail", var code] => new BgpEvent.Fail(Code(code)),
        ["dialed"] => new BgpEvent.Dialed(),
        ["dial", "failed"] => new BgpEvent.DialFailed(),
        ["accepted"] => new BgpEvent.Accepted(),
        ["timer", var kind, .. var side] => new BgpEvent.TimerExpired(new(Enum.Parse<BgpTimerKind>(kind), side is [var of] ? Side(of) : default)),
        [var side, "closed"] => new BgpEvent.Closed(Side(side)),
        [var side, "written"] => new BgpEvent.Written(Side(side)),
        [var side, "malformed", var code] => new BgpEvent.Malformed(Side(side), Code(code)),
        [var side, "update"] => new BgpEvent.UpdateReceived(Side(side), FineUpdate),
        [var side, "fatal-update"] => new BgpEvent.UpdateReceived(Side(side), FatalUpdate),
        [var side, "keepalive"] => new BgpEvent.Received(Side(side), new KeepaliveMessage()),
        [var side, "notification", var code] => new BgpEvent.Received(Side(side), Code(code)),
        [var side, "refresh", var family, .. var subtype] => new BgpEvent.Received(Side(side), Refresh(family, subtype)),
        [var side, "open", .. var says] => new BgpEvent.Received(Side(side), says.Aggregate(DefaultOpen, Saying)),
        _ => throw new FormatException($"no such event: {string.Join(' ', words)}"),
    };

    public static string Say(BgpEffect effect) => effect switch
    {
        BgpEffect.Send send => $"send {send.Side} {Say(send.Message)}",
        BgpEffect.Reject reject => $"reject {reject.Reason}",
        BgpEffect.Close close => $"close {close.Side}",
        BgpEffect.StartTimer start => string.Create(CultureInfo.InvariantCulture, $"start timer {start.Timer} {start.Duration.TotalSeconds:0.###}s"),
        BgpEffect.StopTimer stop => $"stop timer {stop.Timer}",
        BgpEffect.SessionUp up => $"session up {up.Side} {Say(up.Session)}",
        BgpEffect.ConnectionEnded ended => $"{(ended.WasEstablished ? "session" : "connection")} ended {ended.Side} {ended.End}",
        BgpEffect.Readvertise again => $"readvertise {again.Side} {again.Family}{(again.Bracketed ? " bracketed" : "")}",
        BgpEffect.Dial => "dial",
        BgpEffect.AbandonDial => "abandon dial",
        BgpEffect.Adopt => "adopt",
        _ => throw new ArgumentOutOfRangeException(nameof(effect)),
    };

    private static OpenMessage DefaultOpen { get; } = OpenNegotiation.Open(
        FsmTranscript.Speaker with { LocalAsn = new(64501), RouterId = RouterId.Parse("192.0.2.2") }, withCapabilities: true);

    private static string Say(BgpMessage message) => message switch
    {
        OpenMessage open => $"OPEN as {open.Asn} hold {open.HoldSeconds} capabilities {open.Capabilities.Count}",
        Notification notification => $"NOTIFICATION {notification}",
        _ => message.Type.ToString().ToUpperInvariant(),
    };

    private static string Say(SessionParameters session) => string.Create(CultureInfo.InvariantCulture,
        $"{(session.IsInternal ? "internal" : "external")} hold {session.HoldTime?.TotalSeconds ?? 0}s keepalive {session.KeepaliveTime?.TotalSeconds ?? 0}s "
            + $"families {session.Families}");

    private static OpenMessage Saying(OpenMessage open, string word) => word.Split('=') switch
    {
        ["as", var asn] => With(open with { TwoOctetAs = Asn.Parse(asn).TwoOctets }, new Capability.FourOctetAs(Asn.Parse(asn))),
        ["id", var id] => open with { RouterId = id == "0.0.0.0" ? default : RouterId.Parse(id) },
        ["hold", var seconds] => open with { HoldSeconds = ushort.Parse(seconds, CultureInfo.InvariantCulture) },
        ["plain"] => open with { Capabilities = default },
        ["only", var afi] =>
            open with { Capabilities = [new Capability.Multiprotocol(new((Afi)ushort.Parse(afi, CultureInfo.InvariantCulture), Safi.Unicast))] },
        ["role", var role] => With(open, new Capability.Role(Enum.Parse<BgpRole>(role))),
        ["graceful"] => With(open, new Capability.GracefulRestart(false, true, 60, [new(Family.Ipv4Unicast, true)])),
        _ => throw new FormatException($"an OPEN cannot say {word}"),
    };

    private static OpenMessage With<T>(OpenMessage open, T capability) where T : Capability =>
        open with { Capabilities = [.. open.Capabilities.Where(each => each is not T || each is Capability.Role), capability] };

    private static RouteRefreshMessage Refresh(string family, string[] subtype) =>
        new(family == "ipv6" ? Family.Ipv6Unicast : family == "ipv4" ? Family.Ipv4Unicast : new Family((Afi)25, (Safi)65),
            subtype is [var which] ? Enum.Parse<RouteRefreshSubtype>(which) : RouteRefreshSubtype.Request);

    private static Notification Code(string text) => text.Split('/') is [var code, var subcode]
        ? new((NotificationCode)byte.Parse(code, CultureInfo.InvariantCulture), byte.Parse(subcode, CultureInfo.InvariantCulture))
        : throw new FormatException($"no code: {text}");

    private static Side Side(string word) => word switch
    {
        "outgoing" => Protocols.Bgp.Side.Outgoing,
        "incoming" => Protocols.Bgp.Side.Incoming,
        _ => throw new FormatException($"no side: {word}"),
    };
}
