using OrleansLb.Core.Addressing;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>What <c>afiSafis</c> says of a session.</summary>
/// <param name="DualStack">Both families, whatever the neighbour's address is.</param>
/// <param name="AddPath">Several paths are offered (RFC 7911).</param>
internal sealed record FamilyChoice(bool DualStack, bool AddPath);

/// <summary>Reads <c>afiSafis</c> of a BgpPeer: which families its session carries.</summary>
internal static class FamilyFields
{
    private const string Ipv4 = "AFI_IP", Ipv6 = "AFI_IP6", Unicast = "SAFI_UNICAST";

    /// <param name="address">The neighbour's; null for an unnumbered peer, whose session carries both families.</param>
    public static FamilyChoice Read(FieldReader spec, Address? address)
    {
        var families = new HashSet<string>(StringComparer.Ordinal);
        var paths = false;
        foreach (var item in spec.Objects("afiSafis"))
        {
            if (Family(item.Object("config")) is { } family) families.Add(family);
            RefuseOther(item.Object("mpGracefulRestart"));
            paths |= AddPath(item.Object("addPaths"));
            item.End();
        }
        var own = address?.Family == IpFamily.IPv6 ? Ipv6 : Ipv4;
        if (address is not null && families.Count > 0 && !families.Contains(own))
        {
            spec.Error("afiSafis",
                $"lacks {own}, the family of neighborAddress, which a session always carries; add it, or give the peer an address of the other family.");
        }
        return new(families.Contains(Ipv4) && families.Contains(Ipv6), paths);
    }

    /// <summary>Null when the family is turned off, or is none that addresses of services have.</summary>
    private static string? Family(FieldReader config)
    {
        var enabled = config.Flag("enabled", otherwise: true);
        var family = config.Object("family");
        var (afi, safi) = (family.Text("afi"), family.Text("safi") ?? Unicast);
        family.End();
        config.End();
        if (!enabled || afi is null) return null;
        if (afi is Ipv4 or Ipv6 && safi == Unicast) return afi;
        family.Warn(safi == Unicast ? "afi" : "safi", $"is not honoured: services have {Ipv4} and {Ipv6} addresses, announced as {Unicast}.");
        return null;
    }

    /// <summary>Graceful restart is for all families of a session, or for none.</summary>
    private static void RefuseOther(FieldReader restart)
    {
        var config = restart.Object("config");
        if (config.Has("enabled") && !config.Flag("enabled"))
            config.Warn("enabled", "false is not honoured: gracefulRestart of the peer is for all its families.");
        config.Ignore("enabled");
        config.End();
        restart.End();
    }

    private static bool AddPath(FieldReader paths)
    {
        var config = paths.Object("config");
        if (config.Flag("receive")) config.Warn("receive", "is not honoured: no route is taken from a router.");
        var most = config.Number("sendMax", 0, byte.MaxValue) ?? 0;
        config.End();
        paths.End();
        return most > 1; // each node announces itself as the next hop, on a session of its own
    }
}
