namespace OrleansLb.Protocols.Bgp;

/// <summary>The three fields of an UPDATE's body.</summary>
public readonly ref struct UpdateSections
{
    /// <summary>Two lengths, both zero: the End-of-RIB marker of IPv4 unicast (RFC 4724 §2).</summary>
    public const int MinLength = 4;

    /// <summary>The withdrawn routes, IPv4 NLRI.</summary>
    public ReadOnlySpan<byte> Withdrawn { get; private init; }

    /// <summary>The path attributes.</summary>
    public ReadOnlySpan<byte> Attributes { get; private init; }

    /// <summary>The announced routes, IPv4 NLRI.</summary>
    public ReadOnlySpan<byte> Nlri { get; private init; }

    // withdrawn length (2), withdrawn routes, attributes length (2), attributes, NLRI to the end (RFC 4271 §4.3)
    /// <summary>Parts a body behind the header; false when a length points past its end (RFC 4271 §4.3).</summary>
    public static bool TrySplit(ReadOnlySpan<byte> body, out UpdateSections sections)
    {
        var reader = new WireReader(body);
        var withdrawn = reader.Take(reader.UInt16());
        var attributes = reader.Take(reader.UInt16());
        sections = new() { Withdrawn = withdrawn, Attributes = attributes, Nlri = reader.Rest };
        return !reader.Overrun;
    }
}
