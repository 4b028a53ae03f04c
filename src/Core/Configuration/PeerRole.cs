namespace OrleansLb.Core.Configuration;

/// <summary>What we are to a peer of another autonomous system (RFC 9234 §4.1).</summary>
[GenerateSerializer, Alias("orleanslb.PeerRole")]
public enum PeerRole : byte
{
    Provider = 0,
    RouteServer,
    RouteServerClient,
    Customer,
    Peer,
}
