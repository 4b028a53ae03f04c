namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>The message types of netlink(7) and rtnetlink(7) that are used here.</summary>
internal enum NetlinkType : ushort
{
    Error = 2,
    Done = 3,
    NewLink = 16,
    GetLink = 18,
    NewAddress = 20,
    DeleteAddress = 21,
    GetAddress = 22,
    NewRoute = 24,
    GetRoute = 26,
}
