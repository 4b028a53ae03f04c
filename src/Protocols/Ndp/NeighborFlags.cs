namespace OrleansLb.Protocols.Ndp;

/// <summary>The flags of a neighbour advertisement (RFC 4861 §4.4).</summary>
[Flags]
public enum NeighborFlags : byte
{
    None = 0,
    Override = 0x20,
    Solicited = 0x40,
    Router = 0x80,
}
