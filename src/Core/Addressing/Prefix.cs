using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLb.Core.Addressing;

/// <summary>An address prefix in CIDR form (RFC 4632 §3.1). Host bits are kept clear.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Prefix")]
public readonly record struct Prefix
{
    public Prefix(Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.Bits);
        Network = address with { Value = address.Value & ~HostMask(address.Bits, length) };
        Length = length;
    }

    [Id(0)]
    public Address Network { get; }

    /// <summary>Leading bits that the prefix fixes: 0..32 or 0..128.</summary>
    [Id(1)]
    public int Length { get; }

    public Address Last => Network with { Value = Network.Value | HostMask(Network.Bits, Length) };

    public bool Contains(Address address) => address.Family == Network.Family && address >= Network && address <= Last;

    public static Prefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not a prefix: write it as 192.0.2.0/24 or 2001:db8::/64.");

    /// <summary>Reads <c>address/length</c>. Host bits that are set are cleared.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Prefix prefix)
    {
        prefix = default;
        if (text is null || text.IndexOf('/') is not (> 0 and var slash)) return false;
        if (!Address.TryParse(text[..slash], out var address)) return false;
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > address.Bits) return false;
        prefix = new(address, length);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{Length}");

    private static UInt128 HostMask(int bits, int length) => length == 0
        ? (bits == 32 ? uint.MaxValue : UInt128.MaxValue)
        : (UInt128.One << (bits - length)) - 1;
}
