namespace OrleansLb.Protocols.Ethernet;

/// <summary>
/// The hardware address that moves with an IP address from node to node. It follows from the IP address alone, so that every node knows it, and is of the
/// range that local administrators assign (IEEE 802c, "AAI"): no manufacturer's, nor that of a VRRP router.
/// </summary>
public static class VirtualMac
{
    private const ulong ForIpv4 = 0xa24c_0000_0000, ForIpv6 = 0xb200_0000_0000;
    private const int HashBits = 40;

    /// <summary><c>a2:4c</c> and the address: two addresses never share one.</summary>
    public static MacAddress Of(Ipv4 address) => new(ForIpv4 | address.Value);

    /// <summary><c>b2</c> and 40 bits of a hash: of 5,000 addresses two share one with a chance of one in 80,000.</summary>
    public static MacAddress Of(Ipv6 address)
    {
        var mixed = Mix(address.Upper) ^ address.Lower;
        return new(ForIpv6 | (Mix(mixed) >> (64 - HashBits)));
    }

    /// <summary>The finalizer of splitmix64: every bit of the input moves half of the output's.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9e37_79b9_7f4a_7c15;
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
        return value ^ (value >> 31);
    }
}
