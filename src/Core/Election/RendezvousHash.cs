using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Election;

/// <summary>
/// How much a node is drawn to an address: the node that scores highest has it (rendezvous hashing), so that a node's coming or going moves only its own share.
/// </summary>
/// <remarks>The same on every platform and in every version: a change would move addresses at an upgrade.</remarks>
public static class RendezvousHash
{
    private const ulong Seed = 0x9E3779B97F4A7C15;

    public static ulong Score(Address address, NodeName node)
    {
        var state = Mix(Seed ^ (ulong)address.Family);
        state = Mix(state ^ address.Upper);
        state = Mix(state ^ address.Lower);
        foreach (var character in node.Value) state = Mix(state ^ character);
        return state;
    }

    /// <summary>A bijection of 64 bits in which each bit of the input moves each bit of the output about half of the time.</summary>
    private static ulong Mix(ulong value)
    {
        value += Seed;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
