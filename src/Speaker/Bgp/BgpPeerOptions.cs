using System.Net;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>One peer as its session needs it: what to say, and how to reach it. Replaced as a whole when configuration changes.</summary>
public sealed record BgpPeerOptions
{
    public const int DefaultPort = 179;

    public required string Name { get; init; }

    /// <summary>Who we are to it, what we offer, how long we wait.</summary>
    public required SpeakerSettings Settings { get; init; }

    /// <summary>Null for an unnumbered peer, which <see cref="Interface"/> finds.</summary>
    public IPAddress? Address { get; init; }

    public int Port { get; init; } = DefaultPort;

    /// <summary>The device to bind to; for an unnumbered peer the one on which it is found.</summary>
    public string? Interface { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>TCP-MD5 (RFC 2385).</summary>
    public string? Password { get; init; }

    /// <summary>Send with TTL 255 and take nothing that came further than the next host (RFC 5082).</summary>
    public bool Gtsm { get; init; }

    /// <summary>The TTL towards an external peer that is not directly connected.</summary>
    public int? MultihopTtl { get; init; }

    /// <summary>What stands behind our AS in the path towards external peers (RFC 7705).</summary>
    public ValueList<Asn> BehindLocalAs { get; init; }

    /// <summary>Next hops to tell in place of the addresses of the session.</summary>
    public IPAddress? Ipv4NextHop { get; init; }

    public IPAddress? Ipv6NextHop { get; init; }

    /// <summary>Passwords stay out of logs.</summary>
    public override string ToString() => $"{Name} ({Address?.ToString() ?? Interface} as {Settings.PeerAs})";

    /// <summary>Whether a connection that is up would be made like this too, so that its session can go on.</summary>
    /// <param name="local">Our end of it; null when it is not known.</param>
    /// <param name="dialled">We made it, not the peer.</param>
    public bool ConnectsLike(BgpPeerOptions other, IPAddress? local, bool dialled)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Equals(Address, other.Address) && Interface == other.Interface
            && (Port == other.Port || !dialled)
            && (Equals(SourceAddress, other.SourceAddress) || !dialled || SourceAddress is null || SourceAddress.Equals(local));
    }
}
