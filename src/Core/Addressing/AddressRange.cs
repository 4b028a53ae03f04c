using System.Diagnostics.CodeAnalysis;

namespace OrleansLb.Core.Addressing;

/// <summary>The addresses from <see cref="First"/> to <see cref="Last"/>, both included, of one family.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressRange")]
public readonly record struct AddressRange
{
    public AddressRange(Address first, Address last)
    {
        if (first.Family != last.Family) throw new ArgumentException($"{first} and {last} are not of one family.", nameof(last));
        if (first > last) throw new ArgumentException($"{first} comes after {last}.", nameof(last));
        First = first;
        Last = last;
    }

    [Id(0)]
    public Address First { get; }

    [Id(1)]
    public Address Last { get; }

    public IpFamily Family => First.Family;

    /// <summary>How many addresses the range has; saturates at 2^128-1 for the whole of IPv6.</summary>
    public UInt128 Size => Last.Value - First.Value is var span && span == UInt128.MaxValue ? span : span + 1;

    public bool Contains(Address address) => address.Family == Family && address >= First && address <= Last;

    public bool Overlaps(AddressRange other) => other.Family == Family && First <= other.Last && other.First <= Last;

    /// <summary>The length of the shortest prefix that lies in the range as a whole.</summary>
    public int WidestPrefix()
    {
        var length = First.Bits;
        while (length > 0 && FirstWithin(length - 1) is { } prefix && Contains(prefix.Last)) length--;
        return length;
    }

    /// <summary>The first prefix of the length that begins in the range; null when there is none.</summary>
    private Prefix? FirstWithin(int length)
    {
        var prefix = new Prefix(First, length);
        if (prefix.Network == First) return prefix;
        if (prefix.Last >= Last) return null;
        return new Prefix(First with { Value = prefix.Last.Value + 1 }, length);
    }

    public static AddressRange Of(Prefix prefix) => new(prefix.Network, prefix.Last);

    public static AddressRange Parse(string text) => TryParse(text, out var range, out var fault) ? range : throw new FormatException(fault);

    /// <summary>
    /// Reads <c>first-last</c> (blanks round the dash allowed), a CIDR prefix or one address; <paramref name="fault"/> says what is wrong and how to write it.
    /// </summary>
    public static bool TryParse(string? text, out AddressRange range, [NotNullWhen(false)] out string? fault)
    {
        range = default;
        fault = null;
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Contains('/'))
        {
            if (Prefix.TryParse(trimmed, out var prefix)) range = Of(prefix);
            else fault = $"'{text}' is not a CIDR prefix; write it as 192.0.2.0/24 or 2001:db8::/64.";
        }
        else if (trimmed.IndexOf('-') is >= 0 and var dash)
        {
            fault = TryParseBounds(trimmed[..dash].Trim(), trimmed[(dash + 1)..].Trim(), text!, out range);
        }
        else if (Address.TryParse(trimmed, out var only)) range = new(only, only);
        else fault = $"'{text}' is not an address, a first-last range or a CIDR prefix; write it as 192.0.2.10, 192.0.2.10-192.0.2.20 or 192.0.2.0/24.";
        range = Unmapped(range);
        return fault is null;
    }

    private static AddressRange Unmapped(AddressRange range) =>
        (range.First.Unmapped(), range.Last.Unmapped()) is var (first, last) && first.Family == last.Family ? new(first, last) : range;

    private static string? TryParseBounds(string first, string last, string text, out AddressRange range)
    {
        range = default;
        if (!Address.TryParse(first, out var from)) return $"the start '{first}' of the range '{text}' is not an IP address.";
        if (!Address.TryParse(last, out var to)) return $"the end '{last}' of the range '{text}' is not an IP address.";
        if (from.Family != to.Family) return $"the range '{text}' starts in {from.Family} and ends in {to.Family}; both ends must be of one family.";
        if (from > to) return $"the range '{text}' ends before it starts; write it as {to}-{from}.";
        range = new(from, to);
        return null;
    }

    public override string ToString() => First == Last ? First.ToString() : $"{First}-{Last}";
}
