namespace OrleansLb.Protocols.Bgp;

/// <summary>What this speaker is to its peer (RFC 9234 §4.1).</summary>
public enum BgpRole : byte
{
    Provider = 0,
    RouteServer = 1,
    RouteServerClient = 2,
    Customer = 3,
    Peer = 4,
}

/// <summary>The pairs of roles that fit each other, and what follows from a role (RFC 9234 §4.2, §5).</summary>
public static class BgpRoles
{
    /// <summary>Whether the two sides of a session may have these roles (RFC 9234 §4.2, table 2).</summary>
    public static bool Fits(this BgpRole local, BgpRole remote) => (local, remote) switch
    {
        (BgpRole.Provider, BgpRole.Customer) or (BgpRole.Customer, BgpRole.Provider) => true,
        (BgpRole.RouteServer, BgpRole.RouteServerClient) or (BgpRole.RouteServerClient, BgpRole.RouteServer) => true,
        (BgpRole.Peer, BgpRole.Peer) => true,
        _ => false,
    };

    /// <summary>Routes towards customers, peers and route-server clients are marked Only To Customer (RFC 9234 §5, egress rule 1).</summary>
    public static bool MarksOnlyToCustomer(this BgpRole local) => local is BgpRole.Provider or BgpRole.Peer or BgpRole.RouteServer;
}
