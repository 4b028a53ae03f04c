namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>The interface flags of netdevice(7) that decide whether an address can be announced.</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,
    Up = 0x1,
    Broadcast = 0x2,
    Loopback = 0x8,
    NoArp = 0x80,
    BondSlave = 0x800,
    LowerUp = 0x10000,
}
