using System.Buffers.Binary;
using System.Globalization;

namespace OrleansLb.Protocols.Ethernet;

/// <summary>An Ethernet address (IEEE 802 MAC-48), held in the low 48 bits.</summary>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Octets on the wire.</summary>
    public const int Length = 6;

    /// <summary>Every station of the segment.</summary>
    public static MacAddress Broadcast => new(0xffff_ffff_ffff);

    /// <summary>All zeros: "unknown", as in the target of an ARP request.</summary>
    public static MacAddress None => default;

    /// <summary>Is it a group address (multicast or broadcast): no station can have it as its own.</summary>
    public bool IsGroup => (Value >> 40 & 1) == 1;

    /// <summary>The group address that carries an IPv6 multicast group (RFC 2464 §7).</summary>
    public static MacAddress ForGroup(Ipv6 group) => new(0x3333_0000_0000UL | (uint)group.Lower);

    /// <summary>Reads the first six octets.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> source) =>
        new((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32 | BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    /// <summary>Writes six octets.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)Value);
    }

    /// <summary>Reads the usual form, <c>02:00:5e:10:00:01</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != Length * 3 - 1) return false;
        ulong value = 0;
        for (var at = 0; at < text.Length; at += 3)
        {
            if (at > 0 && text[at - 1] != ':') return false;
            if (!byte.TryParse(text.Slice(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)) return false;
            value = value << 8 | octet;
        }
        address = new(value);
        return true;
    }

    /// <summary>Reads the usual form.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no MAC address; expected six octets such as 02:00:5e:10:00:01.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Value >> 40 & 255:x2}:{Value >> 32 & 255:x2}:{Value >> 24 & 255:x2}:{Value >> 16 & 255:x2}:{Value >> 8 & 255:x2}:{Value & 255:x2}");
}
