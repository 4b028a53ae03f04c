using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Protocols.Bgp;

/// <summary>A BGP Identifier: any non-zero number that is unique within the AS, written like an IPv4 address (RFC 6286 §2.1).</summary>
public readonly record struct RouterId(uint Value)
{
    /// <summary>Reads dotted-quad text; false for any other and for 0.0.0.0.</summary>
    public static bool TryParse(string? text, out RouterId id)
    {
        id = default;
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetwork) return false;
        id = From(address);
        return id.Value != 0;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">It is no identifier.</exception>
    public static RouterId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no router id: write it like an IPv4 address other than 0.0.0.0.");

    /// <summary>The number of an IPv4 address.</summary>
    public static RouterId From(IPAddress ipv4) => new(BinaryPrimitives.ReadUInt32BigEndian(ipv4.GetAddressBytes()));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value >> 24}.{(Value >> 16) & 255}.{(Value >> 8) & 255}.{Value & 255}");
}
