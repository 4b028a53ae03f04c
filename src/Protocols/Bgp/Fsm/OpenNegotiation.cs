using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>What we say in our OPEN, and what follows from the peer's (RFC 4271 §4.2, §6.2).</summary>
public static class OpenNegotiation
{
    private const int KeepaliveShare = 3; // RFC 4271 §10

    private static readonly TimeSpan MinSendHoldTime = TimeSpan.FromMinutes(8); // RFC 9687 §4

    /// <param name="withCapabilities">False for a peer that answered capabilities with 2/4 (RFC 5492 §3).</param>
    public static OpenMessage Open(SpeakerSettings settings, bool withCapabilities) =>
        new(OpenMessage.SupportedVersion, settings.LocalAsn.TwoOctets, (ushort)(settings.HoldTime?.TotalSeconds ?? 0), settings.RouterId,
            withCapabilities ? Capabilities(settings) : default);

    /// <summary>Either the parameters of the session or the NOTIFICATION that refuses it.</summary>
    public static (SessionParameters? Session, Notification? Refusal) Negotiate(SpeakerSettings settings, OpenMessage local, OpenMessage remote)
    {
        var families = CommonFamilies(local, remote);
        var refusal = RefuseIdentity(settings, remote) ?? RefuseRole(settings, local, remote) ?? RefuseFamilies(local, families);
        return refusal is null ? (Agree(settings, local, remote, families), null) : (null, refusal);
    }

    private static ValueList<Capability> Capabilities(SpeakerSettings settings)
    {
        var list = ImmutableArray.CreateBuilder<Capability>();
        foreach (var family in settings.Families) list.Add(new Capability.Multiprotocol(family));
        list.Add(new Capability.RouteRefresh());
        list.Add(new Capability.EnhancedRouteRefresh());
        if (settings.ExtendedNextHop) list.Add(new Capability.ExtendedNextHop([new(Family.Ipv4Unicast, Afi.Ipv6)]));
        if (settings.ExtendedMessages) list.Add(new Capability.ExtendedMessage());
        if (settings.Role is { } role && settings.PeerAs.IsInternal(settings.LocalAsn) != true) list.Add(new Capability.Role(role));
        if (settings.GracefulRestart is { } restart) list.Add(Restart(restart, settings.Families));
        list.Add(new Capability.FourOctetAs(settings.LocalAsn));
        if (settings.AddPathSend) list.Add(new Capability.AddPath([.. settings.Families.Select(family => new AddPathFamily(family, AddPathMode.Send))]));
        return new(list.DrainToImmutable());
    }

    private static Capability.GracefulRestart Restart(GracefulRestartSettings restart, ValueList<Family> families) =>
        new(restart.Restarting, restart.Notification, (ushort)Math.Min(restart.RestartTime.TotalSeconds, Capability.GracefulRestart.MaxSeconds),
            [.. families.Select(family => new GracefulFamily(family, ForwardingPreserved: true))]);

    private static Notification? RefuseIdentity(SpeakerSettings settings, OpenMessage remote)
    {
        if (!settings.PeerAs.Accepts(settings.LocalAsn, remote.Asn)) return Notification.Open(OpenMessageError.BadPeerAs);
        var internalPeer = remote.Asn == settings.LocalAsn;
        if (remote.RouterId.Value == 0 || (internalPeer && remote.RouterId == settings.RouterId))
            return Notification.Open(OpenMessageError.BadBgpIdentifier); // RFC 6286 §2.2
        return remote.HoldSeconds is 1 or 2 ? Notification.Open(OpenMessageError.UnacceptableHoldTime) : null;
    }

    // Roles mean something between ASes only, and several different ones are as bad as a wrong one (RFC 9234 §4.2).
    private static Notification? RefuseRole(SpeakerSettings settings, OpenMessage local, OpenMessage remote)
    {
        if (local.Find<Capability.Role>() is not { } ours || remote.Asn == settings.LocalAsn) return null;
        var theirs = remote.Capabilities.OfType<Capability.Role>().Distinct().ToList();
        var acceptable = theirs.Count == 0 ? !settings.StrictRole : theirs.Count == 1 && ours.Value.Fits(theirs[0].Value);
        return acceptable ? null : Notification.Open(OpenMessageError.RoleMismatch);
    }

    // Without a family in common there is nothing to say; the data are the capabilities that we miss (RFC 5492 §5).
    private static Notification? RefuseFamilies(OpenMessage local, ValueList<Family> common)
    {
        if (common.Count > 0) return null;
        Span<byte> buffer = stackalloc byte[64];
        var writer = new WireWriter(buffer);
        foreach (var capability in local.Capabilities.OfType<Capability.Multiprotocol>()) capability.Write(ref writer);
        return Notification.Open(OpenMessageError.UnsupportedCapability, ValueList.Create<byte>(writer.Written));
    }

    // A side that names no family speaks IPv4 unicast (RFC 4760 §8).
    private static ValueList<Family> CommonFamilies(OpenMessage local, OpenMessage remote) =>
        [.. FamiliesOf(local).Intersect(FamiliesOf(remote))];

    private static IEnumerable<Family> FamiliesOf(OpenMessage open) =>
        open.Has<Capability.Multiprotocol>()
            ? open.Capabilities.OfType<Capability.Multiprotocol>().Select(each => each.Family)
            : [Family.Ipv4Unicast];

    private static SessionParameters Agree(SpeakerSettings settings, OpenMessage local, OpenMessage remote, ValueList<Family> families)
    {
        var hold = Math.Min(local.HoldSeconds, remote.HoldSeconds);
        return new()
        {
            Local = local,
            Remote = remote,
            IsInternal = remote.Asn == settings.LocalAsn,
            HoldTime = hold == 0 ? null : TimeSpan.FromSeconds(hold),
            KeepaliveTime = hold == 0 ? null : Keepalive(settings, TimeSpan.FromSeconds(hold) / KeepaliveShare),
            SendHoldTime = hold == 0 ? null : settings.SendHoldTime ?? Longer(MinSendHoldTime, TimeSpan.FromSeconds(hold) * 2),
            Families = families,
            Send = Format(local, remote, families) with { ExtendedNextHop = SharesExtendedNextHop(local, remote) },
            Receive = Format(local, remote, families) with { AddPath = default, ExtendedMessages = local.Has<Capability.ExtendedMessage>() },
            RouteRefresh = Both<Capability.RouteRefresh>(local, remote),
            EnhancedRouteRefresh = Both<Capability.EnhancedRouteRefresh>(local, remote),
            GracefulNotification = local.Find<Capability.GracefulRestart>() is { Notification: true }
                && remote.Find<Capability.GracefulRestart>() is { Notification: true },
        };
    }

    private static TimeSpan Keepalive(SpeakerSettings settings, TimeSpan longest) =>
        settings.KeepaliveTime is { } wanted && wanted < longest ? wanted : longest;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static bool Both<T>(OpenMessage local, OpenMessage remote) where T : Capability => local.Has<T>() && remote.Has<T>();

    private static UpdateFormat Format(OpenMessage local, OpenMessage remote, ValueList<Family> families) => new()
    {
        FourOctetAs = Both<Capability.FourOctetAs>(local, remote),
        ExtendedMessages = Both<Capability.ExtendedMessage>(local, remote),
        IsInternal = local.Asn == remote.Asn,
        AddPath = [.. families.Where(family => Sends(local, family) && Receives(remote, family))],
    };

    private static bool Sends(OpenMessage open, Family family) =>
        open.Find<Capability.AddPath>() is { } paths && paths.Families.Any(each => each.Family == family && each.CanSend);

    private static bool Receives(OpenMessage open, Family family) =>
        open.Find<Capability.AddPath>() is { } paths && paths.Families.Any(each => each.Family == family && each.CanReceive);

    private static bool SharesExtendedNextHop(OpenMessage local, OpenMessage remote) => OffersExtendedNextHop(local) && OffersExtendedNextHop(remote);

    private static bool OffersExtendedNextHop(OpenMessage open) =>
        open.Find<Capability.ExtendedNextHop>() is { } offer
        && offer.Families.Any(each => each is { NextHop: Afi.Ipv6 } && each.Family == Family.Ipv4Unicast);
}
