using System.Net.Sockets;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>Fields of our <c>BGPPeer</c> that say what a session shall be like: role, several paths, next hops, time to restart.</summary>
internal static class SessionFields
{
    /// <summary>What twelve bits hold (RFC 4724 §3).</summary>
    private static readonly TimeSpan MostRestartTime = TimeSpan.FromSeconds(4095);

    /// <summary>The peer with these fields; null stays null, with its faults reported all the same.</summary>
    public static BgpPeer? Read(FieldReader spec, BgpPeer? peer)
    {
        var (role, strict) = Role(spec, peer);
        var paths = spec.Flag("addPath");
        var hop = NextHop(spec.Object("nextHop"));
        var restart = RestartTime(spec, peer);
        return peer is null ? null : peer with { Role = role, StrictRole = strict, AddPath = paths, NextHop = hop, RestartTime = restart };
    }

    private static (PeerRole? Role, bool Strict) Role(FieldReader spec, BgpPeer? peer)
    {
        PeerRole? role = spec.Has("role") ? PeerRoles.Of(spec.Choice("role", [.. PeerRoles.All])) : null;
        var strict = spec.Flag("strictRole");
        if (strict && role is null) spec.Error("strictRole", "needs a role to compare the peer's with; give role.");
        if (role is not null && peer is not null && BgpFields.IsInternal(peer.RemoteAs, peer.LocalAs ?? peer.LocalAsn))
        {
            spec.Error("role", "means nothing to an internal peer (RFC 9234 §4); remove it.");
        }
        return (role, strict);
    }

    private static PeerNextHop? NextHop(FieldReader hop)
    {
        var (four, six) = (Host(hop, "ipv4", IpFamily.IPv4), Host(hop, "ipv6", IpFamily.IPv6));
        hop.End();
        return four is null && six is null ? null : new(four, six);
    }

    /// <summary>An address that a host may have beyond its own link (RFC 4271 §6.3, RFC 2545 §3).</summary>
    private static Address? Host(FieldReader hop, string name, IpFamily family)
    {
        if (hop.Address(name) is not { } address) return null;
        if (address.Family != family) hop.Error(name, $"must be an {family} address, not {address}.");
        else if (IsLinkLocal(address)) hop.Error(name, $"{address} is link-local; a next hop is an address that the router reaches by its routes.");
        else if (!IsHost(address)) hop.Error(name, $"no host can have {address}; give an address that the router can send packets to.");
        return address;
    }

    private static bool IsLinkLocal(Address address) => address.Family == IpFamily.IPv6 && address.ToIPAddress().IsIPv6LinkLocal;

    private static bool IsHost(Address address)
    {
        var ip = address.ToIPAddress();
        return ip.AddressFamily == AddressFamily.InterNetwork
            ? ip.GetAddressBytes()[0] is not 0 and not 127 and < 224
            : address.Value > 1 && !ip.IsIPv6Multicast;
    }

    private static TimeSpan? RestartTime(FieldReader spec, BgpPeer? peer)
    {
        if (spec.Duration("gracefulRestartTime") is not { } time) return null;
        if (time < TimeSpan.FromSeconds(1) || time > MostRestartTime || time.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            spec.Error("gracefulRestartTime", $"invalid value {time.TotalSeconds} s, must be whole seconds in 1-{MostRestartTime.TotalSeconds}.");
        }
        else if (peer is { GracefulRestart: false }) spec.Error("gracefulRestartTime", "needs graceful restart; set enableGracefulRestart.");
        return time;
    }
}
