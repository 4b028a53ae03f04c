namespace OrleansLb.Speaker.Links;

/// <summary>Which frames an opened link hands over; it sends any.</summary>
public enum LinkTraffic
{
    /// <summary>ARP, requests and replies (RFC 826).</summary>
    Arp,

    /// <summary>Neighbour solicitations and advertisements (RFC 4861).</summary>
    Ndp,
}
