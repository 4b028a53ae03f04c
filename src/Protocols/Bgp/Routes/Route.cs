namespace OrleansLb.Protocols.Bgp;

/// <summary>A destination and what is said about it.</summary>
public readonly record struct Route(Nlri Nlri, PathAttributes Attributes)
{
    /// <summary>The family of its destination.</summary>
    public Family Family => Nlri.Prefix.Family;
}
