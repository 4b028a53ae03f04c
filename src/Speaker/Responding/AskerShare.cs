using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Election;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Which askers are one node's, where several nodes announce one address: each asker is given to the node that ranks highest for it (rendezvous
/// hashing), so that the death of a node moves its own askers and no others.
/// </summary>
public sealed class AskerShare
{
    private readonly ulong _own;
    private readonly ulong[] _others;

    /// <param name="address">Different addresses share an asker out differently.</param>
    /// <param name="members">Every node that announces the address, <paramref name="self"/> among them.</param>
    public AskerShare(Address address, NodeName self, EquatableList<NodeName> members)
    {
        _own = RendezvousHash.Score(address, self);
        _others = [.. members.Where(member => member != self).Select(member => RendezvousHash.Score(address, member))];
    }

    /// <summary>True when this node is to answer the station. Allocates nothing.</summary>
    public bool Has(MacAddress asker)
    {
        var own = Rank(_own, asker);
        foreach (var other in _others)
        {
            if (Rank(other, asker) is var rank && (rank > own || (rank == own && other > _own))) return false;
        }
        return true;
    }

    /// <summary>The finalizer of splitmix64: every bit of the input moves half of the output's.</summary>
    private static ulong Rank(ulong node, MacAddress asker)
    {
        var mixed = node ^ (asker.Value * 0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
        return mixed ^ (mixed >> 31);
    }
}
