using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

/// <summary>Arbitrary values of BGP, over their whole range.</summary>
public static class BgpGenerators
{
    private static readonly Gen<uint> Words = Generators.Ipv4s.Select(address => address.Value);
    private static readonly Gen<byte> Octets = Gen.Choose(0, 255).Select(octet => (byte)octet);
    private static readonly Gen<ushort> Shorts = Gen.Choose(0, ushort.MaxValue).Select(number => (ushort)number);
    private static readonly Gen<bool> Flags = Gen.Elements(false, true);
    private static readonly Gen<Family> Families = Gen.Elements(Family.Ipv4Unicast, Family.Ipv6Unicast, new Family((Afi)25, (Safi)65));
    private static readonly Gen<Asn> Asns = Words.Where(word => word != 0).Select(word => new Asn(word));

    private static readonly Gen<Capability> Capabilities = Gen.OneOf(
        Families.Select(family => (Capability)new Capability.Multiprotocol(family)),
        Gen.Constant((Capability)new Capability.RouteRefresh()),
        Gen.Constant((Capability)new Capability.EnhancedRouteRefresh()),
        Gen.Constant((Capability)new Capability.ExtendedMessage()),
        Words.Select(word => (Capability)new Capability.FourOctetAs(new Asn(word))),
        Octets.Select(octet => (Capability)new Capability.Role((BgpRole)octet)),
        from restarting in Flags
        from notification in Flags
        from seconds in Gen.Choose(0, Capability.GracefulRestart.MaxSeconds)
        from families in List(from family in Families from kept in Flags select new GracefulFamily(family, kept))
        select (Capability)new Capability.GracefulRestart(restarting, notification, (ushort)seconds, families),
        List(from family in Families from mode in Gen.Elements(AddPathMode.Send, AddPathMode.Receive, AddPathMode.Both) select new AddPathFamily(family, mode))
            .Select(families => (Capability)new Capability.AddPath(families)),
        List(from family in Families from hop in Gen.Elements(Afi.Ipv4, Afi.Ipv6) select new ExtendedNextHopFamily(family, hop))
            .Select(families => (Capability)new Capability.ExtendedNextHop(families)),
        from code in Gen.Choose(128, 255)
        from value in List(Octets)
        select (Capability)new Capability.Unknown((CapabilityCode)code, value));

    public static Gen<BgpMessage> Messages { get; } = Gen.OneOf(
        Gen.Constant((BgpMessage)new KeepaliveMessage()),
        from asn in Shorts
        from hold in Shorts
        from id in Words
        from capabilities in List(Capabilities)
        select (BgpMessage)new OpenMessage(OpenMessage.SupportedVersion, asn, hold, new RouterId(id), capabilities),
        from code in Octets
        from subcode in Octets
        from data in List(Octets)
        select (BgpMessage)new Notification((NotificationCode)code, subcode, data),
        from family in Families
        from subtype in Octets
        select (BgpMessage)new RouteRefreshMessage(family, (RouteRefreshSubtype)subtype));

    public static Gen<Nlri> Ipv4Nlris { get; } =
        from address in Generators.Ipv4s
        from length in Gen.Choose(0, 32)
        select new Nlri(Prefix.Parse($"{address}/{length}"));

    public static Gen<Nlri> Ipv6Nlris { get; } =
        from address in Generators.Ipv6s
        from length in Gen.Choose(0, 128)
        select new Nlri(Prefix.Parse($"{address}/{length}"));

    public static Gen<PathAttributes> Attributes { get; } =
        from origin in Gen.Elements(Origin.Igp, Origin.Egp, Origin.Incomplete)
        from path in List(from kind in Gen.Choose(1, 4)
                          from asns in Gen.NonEmptyListOf(Asns)
                          select new AsPathSegment((AsPathSegmentType)kind, [.. asns]))
        from med in Optional(Words)
        from localPref in Optional(Words)
        from atomic in Flags
        from aggregator in Optional(from asn in Asns from id in Words select new Aggregator(asn, new RouterId(id)))
        from communities in List(Words.Select(word => new Community(word)))
        from extended in List(from high in Words from low in Words select new ExtendedCommunity(((ulong)high << 32) | low))
        from large in List(from one in Words from two in Words from three in Words select new LargeCommunity(one, two, three))
        from customer in Optional(Asns)
        select new PathAttributes
        {
            Origin = origin, AsPath = new AsPath(path), MultiExitDisc = med, LocalPref = localPref, AtomicAggregate = atomic, Aggregator = aggregator,
            Communities = communities, ExtendedCommunities = extended, LargeCommunities = large, OnlyToCustomer = customer,
        };

    /// <summary>Routes under a handful of attributes, some destinations twice.</summary>
    public static Gen<RouteSet> RouteSets { get; } =
        Gen.ListOf(from last in Gen.Choose(0, 40)
                   from six in Flags
                   from med in Gen.Choose(0, 2)
                   select new Route(new(Prefix.Parse(six ? $"2001:db8::{last:x}/128" : $"203.0.113.{last}/32")), MedOnly((uint)med)))
            .Select(RouteSet.Of);

    public static Gen<ValueList<T>> List<T>(Gen<T> items) => Gen.ListOf(items).Select(list => (ValueList<T>)[.. list.Take(20)]);

    private static PathAttributes MedOnly(uint med) => new()
    {
        Origin = Origin.Igp, AsPath = AsPath.Empty, NextHop = med == 2 ? NextHop.Parse("2001:db8::1") : NextHop.Parse("192.0.2.1"), MultiExitDisc = med,
    };

    private static Gen<T?> Optional<T>(Gen<T> values) where T : struct => Gen.OneOf(Gen.Constant((T?)null), values.Select(value => (T?)value));
}
