using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>Fields of our <c>BGPPeer</c> for those who connect: where they may, and from which range they are neighbours.</summary>
internal static class ListenFields
{
    private const int BgpPort = 179;

    /// <summary>Null for the usual port of every address.</summary>
    public static PeerListening? Where(FieldReader spec)
    {
        var addresses = spec.Addresses("listenAddresses");
        var port = (int)(spec.Number("listenPort", 0, ushort.MaxValue) ?? PeerListening.UsualPort);
        if (port == 0 && spec.Flag("passive")) spec.Error("listenPort", "0 lets nobody connect, and passive waits for that; change one of them.");
        return addresses.Count == 0 && port == PeerListening.UsualPort ? null : new(addresses, port);
    }

    /// <summary>Null for a peer that is one router; of a wrong range, which has been reported, too.</summary>
    public static ListenRange? Range(FieldReader spec)
    {
        var limit = (int?)spec.Number("listenLimit", 1, ListenRange.MostLimit);
        if (spec.Text("listenRange") is not { Length: > 0 } text)
        {
            if (spec.Has("listenLimit")) spec.Error("listenLimit", "is how many neighbours of listenRange may have a session; give listenRange.");
            return null;
        }
        if (!Prefix.TryParse(text, out var prefix)) spec.Error("listenRange", $"'{text}' is not a prefix; write it as 192.0.2.0/24 or 2001:db8::/64.");
        else if (Fault(prefix, text) is { } fault) spec.Error("listenRange", fault);
        return new(prefix, limit ?? ListenRange.DefaultLimit);
    }

    /// <summary>What is only about dialling means nothing here.</summary>
    public static void RefuseDialling(FieldReader spec, BgpPeer? peer)
    {
        const string Reason = "is about a router that is dialled, and neighbours of listenRange connect themselves; remove it.";
        if (spec.Has("passive") && peer is { Passive: false } && !spec.Flag("passive")) spec.Error("passive", $"false {Reason}");
        if (spec.Has("sourceAddress")) spec.Error("sourceAddress", Reason);
        if (spec.Has("connectTime")) spec.Error("connectTime", Reason);
        if (spec.Number("listenPort", 0, ushort.MaxValue) == 0)
            spec.Error("listenPort", "0 lets nobody connect, and listenRange waits for that; change one of them.");
        if (peer is not null && peer.Port != BgpPort) spec.Error("peerPort", Reason);
    }

    private static string? Fault(Prefix prefix, string text)
    {
        var first = prefix.Network.ToIPAddress();
        if (Address.TryParse(text[..text.IndexOf('/')], out var written) && written != prefix.Network)
            return $"'{text}' has bits set behind its length; write it as {prefix}.";
        if (first.IsIPv6LinkLocal) return $"{prefix} is link-local, where one address may be a host of every link; name each router's link with interface.";
        return first.IsIPv6Multicast || (prefix.Network.Family == IpFamily.IPv4 && first.GetAddressBytes()[0] >= 224)
            ? $"no host can connect from {prefix}; give the prefix of the routers' addresses."
            : null;
    }
}
