using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>What a routing daemon is to be: where it runs, and with whom it speaks. It waits for the nodes to connect.</summary>
/// <param name="Namespace">The network namespace that it runs in.</param>
/// <param name="Own">Its address on the segment, and its BGP identifier.</param>
/// <param name="NodeAsn">The AS of the nodes; the same as <paramref name="Asn"/> makes the sessions internal.</param>
/// <param name="Folder">For its files: configuration, control socket.</param>
internal sealed record RouterPlan(string Namespace, Address Own, uint Asn, uint NodeAsn, EquatableList<Address> Nodes, string Folder)
{
    public bool IsInternal => Asn == NodeAsn;

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>One piece of configuration for each node.</summary>
    public string ForEachNode(Func<Address, string> configuration) => string.Join('\n', Nodes.Select(configuration));
}
