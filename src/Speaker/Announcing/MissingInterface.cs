using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Announcing;

/// <summary>Says, for an event, why an address found no interface.</summary>
internal static class MissingInterface
{
    public static string Describe(Address address, EquatableList<InterfaceSelector> wanted, NodeLinks links) =>
        $"No interface of this node can announce {address}: wanted is {Wanted(address, wanted)}, and there are "
            + $"{string.Join("; ", links.Links.Select(Describe))}.";

    public static string Describe(LinkState link) =>
        $"{link.Name} ({(link.Usable ? "usable" : "not usable")}{(link.Connected.Count > 0 ? ", " : "")}{string.Join(", ", link.Connected)})";

    private static string Wanted(Address address, EquatableList<InterfaceSelector> wanted) =>
        wanted.Count == 0 ? $"a usable one with a subnet that has {address}" : $"a usable one of {string.Join(", ", wanted)}";
}
