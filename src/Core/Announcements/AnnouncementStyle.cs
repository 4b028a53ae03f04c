namespace OrleansLb.Core.Announcements;

/// <summary>Who answers for an announced address on its node.</summary>
[GenerateSerializer, Alias("orleanslb.AddressBearer")]
public enum AddressBearer : byte
{
    /// <summary>The speaker: the node's kernel knows nothing of the address.</summary>
    Speaker = 0,

    /// <summary>The kernel: the address is put on the interface that announces it.</summary>
    Interface,

    /// <summary>The speaker on the segment; the address is put on the loopback device, so that the node's own programs can bind it.</summary>
    Loopback,
}

/// <summary>How an address is announced on a segment, where that is not the plain way: one node answers, with its interface's hardware address.</summary>
/// <param name="Bearer">Who answers. An address that the kernel bears has a finite lifetime, which the speaker renews: it expires with the speaker.</param>
/// <param name="Spread">Every candidate answers, each a share of the askers.</param>
/// <param name="VirtualMac">It is announced with a hardware address of its own, which moves with it; where an interface
/// takes none, with the interface's.</param>
/// <param name="OnConflict">What to do about a stranger that claims the address; null: what the node's own setting says.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AnnouncementStyle")]
public sealed record AnnouncementStyle(
    [property: Id(0)] AddressBearer Bearer = AddressBearer.Speaker,
    [property: Id(1)] bool Spread = false,
    [property: Id(2)] ConflictPolicy? OnConflict = null,
    [property: Id(3)] bool VirtualMac = false)
{
    public static AnnouncementStyle Plain { get; } = new();
}
