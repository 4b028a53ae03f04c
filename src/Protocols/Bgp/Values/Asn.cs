using System.Globalization;

namespace OrleansLb.Protocols.Bgp;

/// <summary>A four-octet autonomous system number (RFC 6793).</summary>
public readonly record struct Asn(uint Value) : IComparable<Asn>
{
    /// <summary>Stands in for a number that needs four octets where only two fit (RFC 6793 §4).</summary>
    public static Asn Trans => new(23456);

    /// <summary>It does not fit into two octets.</summary>
    public bool NeedsFourOctets => Value > ushort.MaxValue;

    /// <summary>AS 0 must not appear anywhere (RFC 7607).</summary>
    public bool IsZero => Value == 0;

    /// <summary>The number as it stands in a two-octet field.</summary>
    public ushort TwoOctets => NeedsFourOctets ? (ushort)Trans.Value : (ushort)Value;

    public int CompareTo(Asn other) => Value.CompareTo(other.Value);

    /// <summary>Reads asplain (`65550`) and asdot (`1.14`), RFC 5396.</summary>
    public static bool TryParse(string? text, out Asn asn)
    {
        asn = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0)
        {
            if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain)) return false;
            asn = new(plain);
            return true;
        }

        if (!ushort.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var high)) return false;
        if (!ushort.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var low)) return false;
        asn = new(((uint)high << 16) | low);
        return true;
    }

    /// <summary>Reads asplain or asdot.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Asn Parse(string text) =>
        TryParse(text, out var asn) ? asn : throw new FormatException($"'{text}' is no autonomous system number (0..4294967295).");

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Asn left, Asn right) => left.Value < right.Value;

    public static bool operator >(Asn left, Asn right) => left.Value > right.Value;

    public static bool operator <=(Asn left, Asn right) => left.Value <= right.Value;

    public static bool operator >=(Asn left, Asn right) => left.Value >= right.Value;
}
