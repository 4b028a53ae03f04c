namespace OrleansLb.Core.Announcements;

/// <summary>Says why a route is not told to a peer, and what would help.</summary>
public static class HeldBackText
{
    /// <param name="reason">As in <see cref="UntoldRoute.Reason"/>.</param>
    public static string Of(string reason) => reason switch
    {
        "FamilyNotNegotiated" =>
            "the session does not carry routes of this address family; set dualStackAddressFamily on the peer and the family on the router, or add a peer "
                + "with an address of that family.",
        "NoNextHop" => "this node has no address of this family on the way to the peer that could be the next hop; give it one.",
        "AttributesTooLong" => "its communities do not fit into one message; use fewer.",
        "AnotherPath" => "another path to the same prefix is told, and the peer takes only one.",
        "NoSession" => "there is no session with the peer.",
        "NotForPeer" => "the advertisements of the route name other peers.",
        "Pending" => "it is on its way.",
        _ => reason,
    };
}
