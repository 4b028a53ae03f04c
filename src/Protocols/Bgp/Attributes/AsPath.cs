using System.Collections.Immutable;
using System.Globalization;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Kinds of path segments (RFC 4271 §4.3; 3 and 4 are RFC 5065 §3).</summary>
public enum AsPathSegmentType : byte
{
    Set = 1,
    Sequence = 2,
    ConfederationSequence = 3,
    ConfederationSet = 4,
}

/// <summary>A run of AS numbers, ordered or not.</summary>
public sealed record AsPathSegment(AsPathSegmentType Type, ValueList<Asn> Asns);

/// <summary>The ASes that a route came through, nearest first (RFC 4271 §5.1.2).</summary>
public sealed record AsPath(ValueList<AsPathSegment> Segments)
{
    private const int MaxSegmentLength = 255;

    /// <summary>The path of a route that begins here.</summary>
    public static AsPath Empty { get; } = new(default(ValueList<AsPathSegment>));

    /// <summary>One AS_SEQUENCE of these numbers.</summary>
    public static AsPath Sequence(params ReadOnlySpan<Asn> asns) =>
        asns.IsEmpty ? Empty : new([new AsPathSegment(AsPathSegmentType.Sequence, ValueList.Create(asns))]);

    /// <summary>One of its numbers does not fit into two octets.</summary>
    public bool NeedsFourOctets
    {
        get
        {
            foreach (var segment in Segments)
            {
                foreach (var asn in segment.Asns)
                {
                    if (asn.NeedsFourOctets) return true;
                }
            }

            return false;
        }
    }

    /// <summary>Reads segments; null when they are malformed: unknown type, no AS, AS 0, or more octets than there are (RFC 7606 §7.2, RFC 7607 §2).</summary>
    public static AsPath? Read(ReadOnlySpan<byte> value, bool fourOctets)
    {
        var reader = new WireReader(value);
        var segments = ImmutableArray.CreateBuilder<AsPathSegment>();
        while (reader.Remaining > 0)
        {
            var type = (AsPathSegmentType)reader.UInt8();
            int count = reader.UInt8();
            if (type is < AsPathSegmentType.Set or > AsPathSegmentType.ConfederationSet || count == 0) return null;
            if (ReadAsns(reader.Take(count * Octets(fourOctets)), fourOctets) is not { } asns || reader.Overrun) return null;
            segments.Add(new(type, asns));
        }

        return new(new ValueList<AsPathSegment>(segments.DrainToImmutable()));
    }

    /// <summary>Octets on the wire, with numbers of four octets or of two.</summary>
    public int WireLength(bool fourOctets)
    {
        var length = 0;
        foreach (var segment in Segments)
        {
            var pieces = (segment.Asns.Count + MaxSegmentLength - 1) / MaxSegmentLength;
            length += (pieces * 2) + (segment.Asns.Count * Octets(fourOctets));
        }

        return length;
    }

    /// <summary>Writes the segments; with numbers of two octets, AS_TRANS stands for those that do not fit (RFC 6793 §4.2.2).</summary>
    public void Write(ref WireWriter writer, bool fourOctets)
    {
        foreach (var segment in Segments)
        {
            for (var start = 0; start < segment.Asns.Count; start += MaxSegmentLength)
            {
                var part = segment.Asns.AsSpan()[start..Math.Min(start + MaxSegmentLength, segment.Asns.Count)];
                writer.UInt8((byte)segment.Type);
                writer.UInt8((byte)part.Length);
                foreach (var asn in part) WriteAsn(ref writer, asn, fourOctets);
            }
        }
    }

    public override string ToString() => string.Join(' ', Segments.Select(Text));

    private static int Octets(bool four) => four ? 4 : 2;

    private static ValueList<Asn>? ReadAsns(ReadOnlySpan<byte> octets, bool fourOctets)
    {
        var reader = new WireReader(octets);
        var asns = ImmutableArray.CreateBuilder<Asn>(octets.Length / Octets(fourOctets));
        while (reader.Remaining > 0)
        {
            var asn = new Asn(fourOctets ? reader.UInt32() : reader.UInt16());
            if (asn.IsZero) return null;
            asns.Add(asn);
        }

        return new(asns.DrainToImmutable());
    }

    private static void WriteAsn(ref WireWriter writer, Asn asn, bool fourOctets)
    {
        if (fourOctets) writer.UInt32(asn.Value);
        else writer.UInt16(asn.TwoOctets);
    }

    private static string Text(AsPathSegment segment) => segment.Type switch
    {
        AsPathSegmentType.Sequence => segment.Asns.ToString(),
        AsPathSegmentType.Set => string.Create(CultureInfo.InvariantCulture, $"{{{segment.Asns}}}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"({segment.Asns})"),
    };
}
