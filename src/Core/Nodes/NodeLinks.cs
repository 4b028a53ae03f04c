using System.Globalization;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Nodes;

/// <summary>A 48-bit hardware address (EUI-48), as facts and messages carry it.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.HardwareAddress")]
public readonly record struct HardwareAddress([property: Id(0)] ulong Value)
{
    /// <summary>Reads six octets in hexadecimal, with colons between them.</summary>
    public static bool TryParse(string? text, out HardwareAddress address)
    {
        address = default;
        if (text?.Split(':') is not { Length: 6 } octets) return false;
        ulong value = 0;
        foreach (var octet in octets)
        {
            if (octet.Length != 2 || !byte.TryParse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var read)) return false;
            value = (value << 8) | read;
        }
        address = new(value);
        return true;
    }

    public override string ToString() => string.Create(17, Value, static (text, value) =>
    {
        for (var octet = 0; octet < 6; octet++)
        {
            if (octet > 0) text[(octet * 3) - 1] = ':';
            ((byte)(value >> (40 - (8 * octet)))).TryFormat(text[(octet * 3)..], out _, "x2", CultureInfo.InvariantCulture);
        }
    });
}

/// <summary>One interface of a node as its speaker sees it.</summary>
/// <param name="Usable">Up, with carrier, no loopback, no port of a bond or bridge, and able to ARP or do neighbour discovery.</param>
/// <param name="Connected">The prefixes of the addresses that it bears.</param>
/// <param name="Routes">The prefixes of main-table routes that leave by it, default routes included.</param>
/// <param name="Addresses">The addresses that it bears.</param>
/// <param name="ArpIgnore">Linux <c>arp_ignore</c> as it is in force here: for which addresses of the node the kernel answers ARP.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.LinkState")]
public sealed record LinkState(
    [property: Id(0)] string Name,
    [property: Id(1)] int Index,
    [property: Id(2)] bool Usable,
    [property: Id(3)] HardwareAddress Mac,
    [property: Id(4)] EquatableList<Prefix> Connected,
    [property: Id(5)] EquatableList<Prefix> Routes,
    [property: Id(6)] EquatableList<Address> Addresses = default,
    [property: Id(7)] int ArpIgnore = 0);

/// <summary>The interfaces of a node, sorted by name.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeLinks")]
public sealed record NodeLinks([property: Id(0)] EquatableList<LinkState> Links)
{
    public static NodeLinks None { get; } = new([]);
}
