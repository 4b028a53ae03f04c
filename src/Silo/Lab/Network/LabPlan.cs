using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>A machine of the lab: one interface named <c>eth0</c> with an address in each subnet.</summary>
internal sealed record LabMachine(string Name, string Mac, EquatableList<Address> Addresses)
{
    /// <summary>Its own address in the subnet of <paramref name="address"/>.</summary>
    public Address Beside(Address address) => Addresses[Enumerable.Range(0, LabPlan.Subnets.Count).First(index => LabPlan.Subnets[index].Contains(address))];
}

/// <summary>
/// What the lab's network looks like: one segment, some subnets on it, some nodes and a client. The subnets are those of the manifests that are tried on it.
/// </summary>
/// <param name="Witness">A host that asks, again and again, who has an address, so that the client's neighbour table stays untouched by the asking.</param>
/// <param name="Stranger">The place of a host that is none of ours.</param>
internal sealed record LabPlan(LabMachine Client, LabMachine Witness, LabMachine Stranger, EquatableList<LabMachine> Nodes)
{
    public const string Interface = "eth0";
    public const int MaxNodes = 50;

    /// <summary>The story does not wait the minute that it is elsewhere.</summary>
    public static readonly TimeSpan YieldRecheck = TimeSpan.FromSeconds(5);

    private const int FirstNode = 11;
    private const int ClientHost = 2;
    private const int WitnessHost = 3;
    private const int StrangerHost = 4;
    private const int ControlHost = 5;

    public static EquatableList<Prefix> Subnets { get; } =
        [Prefix.Parse("192.168.0.0/24"), Prefix.Parse("10.77.1.0/24"), Prefix.Parse("10.78.0.0/22"), RoutedSubnet, Prefix.Parse("fd77:0:0:1::/64")];

    /// <summary>The subnet that nodes and the router share, when there is a router.</summary>
    public static Prefix RoutedSubnet => Prefix.Parse("10.0.0.0/24");

    /// <summary>The network behind the router, where the client stands with its other foot.</summary>
    public static Prefix BehindRouter => Prefix.Parse("172.30.0.0/24");

    /// <summary>The services' addresses that only routers know of.</summary>
    public static Prefix RoutedServices => Prefix.Parse("198.51.100.0/24");

    /// <summary>The addresses that services may get: kube-proxy's part of a node accepts traffic for them.</summary>
    public static EquatableList<AddressRange> ServiceRanges { get; } =
    [
        AddressRange.Parse("192.168.0.91-192.168.0.100"),
        AddressRange.Parse("192.168.0.128/26"),
        AddressRange.Parse("10.77.1.220-10.77.1.240"),
        AddressRange.Parse("fd77:0:0:1::100-fd77:0:0:1::11f"),
    ];

    /// <summary>The same for the many services of a story about many.</summary>
    public static Prefix ManyServices { get; } = Prefix.Parse("10.78.2.0/23");

    public static LabPlan Of(int nodes) => new(
        Machine("client", ClientHost),
        Machine("witness", WitnessHost),
        Machine("stranger", StrangerHost),
        Enumerable.Range(0, nodes).Select(index => Machine(string.Create(CultureInfo.InvariantCulture, $"node{index + 1}"), FirstNode + index))
            .ToEquatableList());

    /// <summary>The machine of the Kubernetes API, where the nodes are processes of their own.</summary>
    public static LabMachine Control => Machine("control", ControlHost);

    public static Address Router => RoutedSubnet.Network with { Value = RoutedSubnet.Network.Value + 1 };

    /// <summary>The address of a node that the router knows it by.</summary>
    public static Address RoutedAddressOf(LabMachine node) => node.Addresses.First(RoutedSubnet.Contains);

    public MacAddress MacOf(NodeName node) => MacAddress.Parse(Nodes.First(machine => machine.Name == node.Value).Mac);

    public NodeName? NodeOf(Address routed) =>
        Nodes.FirstOrDefault(machine => machine.Addresses.Contains(routed)) is { } machine ? new NodeName(machine.Name) : null;

    public NodeName? NodeOf(MacAddress mac) =>
        Nodes.FirstOrDefault(machine => machine.Mac == mac.ToString()) is { } machine ? new NodeName(machine.Name) : null;

    /// <summary>The machine that has this hardware address, in words: what a reader of the story is told.</summary>
    public string NameOf(MacAddress mac) => Nodes.Append(Stranger).FirstOrDefault(machine => machine.Mac == mac.ToString())?.Name ?? mac.ToString();

    /// <summary>The MAC tells the machine, so that a reader of a capture sees at once who speaks.</summary>
    private static LabMachine Machine(string name, int host) => new(
        name,
        string.Create(CultureInfo.InvariantCulture, $"02:00:5e:00:00:{host:x2}"),
        Subnets.Select(subnet => subnet.Network with { Value = subnet.Network.Value + (uint)host }).ToEquatableList());
}
