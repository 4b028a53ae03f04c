namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>Event groups of rtnetlink(7).</summary>
[Flags]
internal enum NetlinkGroups : uint
{
    None = 0,
    Link = 0x1,
    Ipv4Address = 0x10,
    Ipv4Route = 0x40,
    Ipv6Address = 0x100,
    Ipv6Route = 0x400,
    LinksAddressesRoutes = Link | Ipv4Address | Ipv4Route | Ipv6Address | Ipv6Route,
}
