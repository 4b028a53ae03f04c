using System.Net.NetworkInformation;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Links.Windows;

/// <summary>An adapter as the system tells of it.</summary>
/// <param name="Index">The same for both families; 0 for one that carries neither.</param>
/// <param name="Borne">The addresses that it bears, with the lengths of their prefixes.</param>
internal sealed record AdapterRow(string Name, int Index, NetworkInterfaceType Type, OperationalStatus Status, HardwareAddress Mac,
    EquatableList<(Address Address, int PrefixLength)> Borne)
{
    private const int MacLength = 6;

    /// <summary>
    /// May an address be announced here: an Ethernet or wireless adapter that is up and has an address of its own. A disconnected one is not up.
    /// </summary>
    public bool Usable => Index != 0 && Mac != default && Status == OperationalStatus.Up
        && Type is NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet or NetworkInterfaceType.FastEthernetT
        or NetworkInterfaceType.Wireless80211;

    public static AdapterRow Read(NetworkInterface adapter)
    {
        var properties = adapter.GetIPProperties();
        var borne = properties.UnicastAddresses.Select(unicast => (Address.From(unicast.Address), unicast.PrefixLength));
        return new(adapter.Name, IndexOf(adapter, properties), adapter.NetworkInterfaceType, adapter.OperationalStatus, ReadMac(adapter.GetPhysicalAddress()),
            borne.ToEquatableList());
    }

    public LinkState ToLinkState(IEnumerable<Prefix> routes) => new(
        Name, Index, Usable, Mac,
        Sorted(Borne.Select(borne => new Prefix(borne.Address, borne.PrefixLength))),
        Sorted(routes),
        Borne.Select(borne => borne.Address).Order().ToEquatableList());

    private static EquatableList<Prefix> Sorted(IEnumerable<Prefix> prefixes) =>
        prefixes.Distinct().OrderBy(prefix => prefix.Network).ThenBy(prefix => prefix.Length).ToEquatableList();

    /// <summary>An adapter on which a family is switched off has no properties of it.</summary>
    private static int IndexOf(NetworkInterface adapter, IPInterfaceProperties properties) =>
        adapter.Supports(NetworkInterfaceComponent.IPv4) ? properties.GetIPv4Properties().Index
        : adapter.Supports(NetworkInterfaceComponent.IPv6) ? properties.GetIPv6Properties().Index
        : 0;

    private static HardwareAddress ReadMac(PhysicalAddress address) =>
        address.GetAddressBytes() is { Length: MacLength } octets ? new(octets.Aggregate(0UL, (value, octet) => value << 8 | octet)) : default;
}
