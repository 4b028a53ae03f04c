using System.Text.Json.Nodes;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;

/// <summary>Writes <c>BGPPeer</c> and <c>BFDProfile</c>. A password that stands in a Secret stays there.</summary>
internal static class PeerWriter
{
    private const int BgpPort = 179;

    public static JsonObject Spec(BgpPeer peer)
    {
        var spec = new JsonObject { ["myASN"] = peer.LocalAsn };
        spec.Put("peerASN", peer.RemoteAs is RemoteAs.Number number ? number.Asn : null);
        spec.Put("dynamicASN", peer.RemoteAs is RemoteAs.Internal ? "internal" : peer.RemoteAs is RemoteAs.External ? "external" : null);
        spec.Put("peerAddress", peer.Address?.ToString());
        spec.Put("interface", peer.Address is null ? peer.Interface : null);
        spec.Put("listenRange", peer.Range?.Prefix.ToString());
        spec.Put("listenLimit", peer.Range is { Limit: not ListenRange.DefaultLimit } range ? range.Limit : null);
        spec.Put("listenPort", peer.Listening is { Port: not PeerListening.UsualPort } listening ? listening.Port : null);
        spec.PutTexts("listenAddresses", peer.Listening?.Addresses.Select(address => address.ToString()) ?? []);
        spec.Put("peerPort", peer.Port == BgpPort ? null : peer.Port);
        spec.Put("sourceAddress", peer.SourceAddress?.ToString());
        spec.Put("routerID", peer.RouterId?.ToString());
        Timers(spec, peer);
        spec.Put("multihopTTL", peer.MultihopTtl);
        spec.PutFlag("gtsm", peer.Gtsm);
        spec.PutFlag("passive", peer.Passive && peer.Range is null);
        Password(spec, peer);
        spec.PutFlag("enableGracefulRestart", peer.GracefulRestart);
        spec.PutDuration("gracefulRestartTime", peer.RestartTime);
        spec.Put("role", peer.Role is { } role ? PeerRoles.Word(role) : null);
        spec.PutFlag("strictRole", peer.StrictRole);
        spec.PutFlag("addPath", peer.AddPath);
        spec.Put("nextHop", NextHop(peer.NextHop));
        spec.PutFlag("dualStackAddressFamily", peer.DualStack);
        spec.Put("localASN", peer.LocalAs);
        spec.Put("bfdProfile", peer.BfdProfile);
        spec.Put("vrf", peer.Vrf);
        spec.PutSelectors("nodeSelectors", peer.NodeSelectors);
        return spec;
    }

    public static JsonObject Spec(BfdProfile profile)
    {
        var spec = new JsonObject
        {
            ["receiveInterval"] = (long)profile.ReceiveInterval.TotalMilliseconds,
            ["transmitInterval"] = (long)profile.TransmitInterval.TotalMilliseconds,
            ["detectMultiplier"] = profile.DetectMultiplier,
        };
        spec.PutFlag("echoMode", profile.EchoInterval is not null);
        spec.Put("echoInterval", profile.EchoInterval is { } echo ? (long)echo.TotalMilliseconds : null);
        spec.PutFlag("passiveMode", profile.Passive);
        spec.Put("minimumTtl", profile.MinimumTtl);
        return spec;
    }

    /// <summary>A keepalive time that follows from the hold time is left to follow.</summary>
    private static void Timers(JsonObject spec, BgpPeer peer)
    {
        spec.PutDuration("holdTime", peer.HoldTime);
        spec.PutDuration("keepaliveTime", peer.KeepaliveTime == peer.HoldTime / 3 ? null : peer.KeepaliveTime);
        spec.PutDuration("connectTime", peer.ConnectRetryTime);
    }

    private static JsonObject NextHop(PeerNextHop? hop)
    {
        var written = new JsonObject();
        written.Put("ipv4", hop?.Ipv4?.ToString());
        written.Put("ipv6", hop?.Ipv6?.ToString());
        return written;
    }

    private static void Password(JsonObject spec, BgpPeer peer)
    {
        if (peer.PasswordSecret is { } secret) spec["passwordSecret"] = new JsonObject { ["name"] = secret.Name, ["namespace"] = secret.Namespace };
        else spec.Put("password", peer.Password?.Value);
    }
}
