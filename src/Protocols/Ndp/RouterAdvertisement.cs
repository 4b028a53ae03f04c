using System.Buffers.Binary;

namespace OrleansLb.Protocols.Ndp;

/// <summary>The fixed part of a Router Advertisement (RFC 4861 §4.2): here it only says "I am on this link".</summary>
/// <param name="Lifetime">Seconds for which the sender is a default router; 0: it is none.</param>
public readonly record struct RouterAdvertisement(ushort Lifetime)
{
    /// <summary>Octets without options.</summary>
    public const int Length = 16;
    /// <summary>ICMPv6 type (RFC 4861 §4.2).</summary>
    public const byte Type = 134;

    private const int LifetimeOffset = 6, OptionUnit = 8;

    /// <summary>Reads an ICMPv6 message; false for any other, and for one that RFC 4861 §6.1.2 tells to drop.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out RouterAdvertisement advertisement)
    {
        advertisement = default;
        if (source.Length < Length || source[0] != Type || source[1] != 0) return false;
        advertisement = new(BinaryPrimitives.ReadUInt16BigEndian(source[LifetimeOffset..]));
        return OptionsFit(source[Length..]);
    }

    // type (1), code (1), checksum (2, the kernel's), hop limit (1), flags (1), lifetime (2), reachable time (4), retransmission timer (4)
    /// <summary>Writes <see cref="Length"/> octets with a checksum of zero, for its packet to fill in.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[LifetimeOffset..], Lifetime);
    }

    private static bool OptionsFit(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            if (options.Length < 2 || options[1] == 0 || options[1] * OptionUnit > options.Length) return false;
            options = options[(options[1] * OptionUnit)..];
        }

        return true;
    }
}
