using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>A machine of the lab: one interface named <c>eth0</c> with an address in each subnet.</summary>
internal sealed record LabMachine(string Name, string Mac, EquatableList<Address> Addresses);

/// <summary>What the lab's network looks like: one segment, two subnets on it, some nodes and a client. The subnets are those of the manifests that are tried on it.</summary>
internal sealed record LabPlan(LabMachine Client, EquatableList<LabMachine> Nodes)
{
    public const string Interface = "eth0";
    public const int MaxNodes = 50;
    private const int FirstNode = 11;
    private const int ClientHost = 2;

    public static EquatableList<Prefix> Subnets { get; } = [Prefix.Parse("192.168.0.0/24"), Prefix.Parse("10.77.1.0/24")];

    /// <summary>The addresses that services may get: kube-proxy's part of a node accepts traffic for them.</summary>
    public static EquatableList<AddressRange> ServiceRanges { get; } =
    [
        AddressRange.Parse("192.168.0.91-192.168.0.100"),
        AddressRange.Parse("192.168.0.128/26"),
        AddressRange.Parse("10.77.1.220-10.77.1.240"),
    ];

    public static LabPlan Of(int nodes) => new(
        Machine("client", ClientHost),
        Enumerable.Range(0, nodes).Select(index => Machine(string.Create(CultureInfo.InvariantCulture, $"node{index + 1}"), FirstNode + index)).ToEquatableList());

    public MacAddress MacOf(NodeName node) => MacAddress.Parse(Nodes.First(machine => machine.Name == node.Value).Mac);

    public NodeName? NodeOf(MacAddress mac) => Nodes.FirstOrDefault(machine => machine.Mac == mac.ToString()) is { } machine ? new NodeName(machine.Name) : null;

    /// <summary>The MAC tells the machine, so that a reader of a capture sees at once who speaks.</summary>
    private static LabMachine Machine(string name, int host) => new(
        name,
        string.Create(CultureInfo.InvariantCulture, $"02:00:5e:00:00:{host:x2}"),
        Subnets.Select(subnet => subnet.Network with { Value = subnet.Network.Value + (uint)host }).ToEquatableList());
}
