namespace OrleansLb.Speaker.Links;

/// <summary>Which frames an opened link hands over; it sends any.</summary>
public enum LinkTraffic
{
    /// <summary>ARP, requests and replies (RFC 826).</summary>
    Arp,

    /// <summary>Neighbour solicitations and advertisements (RFC 4861).</summary>
    Ndp,

    /// <summary>ICMP echo requests (RFC 792), and first fragments of them.</summary>
    Echo,

    /// <summary>ICMPv6 echo requests (RFC 4443 §4.1) without extension headers.</summary>
    Echo6,
}
