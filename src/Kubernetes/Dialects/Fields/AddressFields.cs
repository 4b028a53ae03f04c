using System.Net;
using System.Net.Sockets;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Fields that hold addresses, ranges of them, and interfaces.</summary>
internal static class AddressFields
{
    private const string CanReach = "can_reach:";

    public static Address? Address(this FieldReader fields, string name)
    {
        if (fields.Text(name) is not { Length: > 0 } text) return null;
        if (Core.Addressing.Address.TryParse(text, out var address)) return address;
        fields.Error(name, $"'{text}' is not an IP address; write it as 192.0.2.10 or 2001:db8::10.");
        return null;
    }

    /// <summary>A list of addresses, each once; the unspecified ones stand for every address of their family.</summary>
    public static EquatableList<Address> Addresses(this FieldReader fields, string name)
    {
        var addresses = new List<Address>();
        var texts = fields.DistinctTexts(name);
        for (var i = 0; i < texts.Count; i++)
        {
            if (Core.Addressing.Address.TryParse(texts[i], out var address)) addresses.Add(address);
            else fields.Error($"{name}[{i}]", $"'{texts[i]}' is not an IP address; write it as 192.0.2.10 or 2001:db8::10.");
        }
        return addresses.ToEquatableList();
    }

    /// <summary>A BGP identifier: four octets written as an IPv4 address, not all zero (RFC 6286 §2.1).</summary>
    public static Address? RouterId(this FieldReader fields, string name)
    {
        if (fields.Text(name) is not { Length: > 0 } text) return null;
        if (Core.Addressing.Address.TryParse(text, out var address) && address.Family == IpFamily.IPv4 && address.Value != 0) return address;
        fields.Error(name, $"invalid router ID '{text}': write it as an IPv4 address other than 0.0.0.0, such as 10.0.0.1.");
        return null;
    }

    /// <summary>CIDR prefixes and first-last ranges that do not overlap one another; at least one.</summary>
    public static EquatableList<AddressRange> Ranges(this FieldReader fields, string name, bool allowSingle)
    {
        var (ranges, known) = (new List<AddressRange>(), new RangeMap<int>());
        var texts = fields.Texts(name);
        if (texts.Count == 0 && !fields.Problems.HasErrors)
        {
            fields.Error(name, "pool has no prefixes defined: list at least one, such as 192.0.2.0/24 or 192.0.2.10-192.0.2.20.");
        }
        for (var i = 0; i < texts.Count; i++)
        {
            if (fields.Range($"{name}[{i}]", texts[i], allowSingle) is not { } range) continue;
            if (known.Overlapping(range) is { } other)
            {
                fields.Error($"{name}[{i}]", $"{texts[i]} overlaps with {other.Range} of the same pool; give each address once.");
                continue;
            }
            ranges.Add(range);
            known.Add(range, i);
        }
        return ranges.ToEquatableList();
    }

    public static AddressRange? Range(this FieldReader fields, string name, string text, bool allowSingle)
    {
        if (!AddressRange.TryParse(Normal(text), out var range, out var fault))
        {
            fields.Error(name, fault);
            return null;
        }
        if (allowSingle || text.Contains('/') || text.Contains('-')) return range;
        fields.Error(name, $"invalid CIDR '{text}': a single address is written with its length, as {text}/{range.First.Bits}.");
        return null;
    }

    /// <summary>An interface by name, by what it reaches (<c>can_reach:IP</c>), or by a regular expression between slashes.</summary>
    public static InterfaceSelector? Interface(this FieldReader fields, string at, string text)
    {
        if (text.StartsWith(CanReach, StringComparison.Ordinal)) return fields.Reaching(at, text[CanReach.Length..].Trim());
        if (text is ['/', .. { Length: > 0 } expression, '/']) return fields.Pattern(at, expression);
        if (IsInterfaceName(text)) return new InterfaceSelector.Named(text);
        fields.Error(at,
            $"'{text}' is not the name of an interface (1 to 15 characters, no '/' and no blanks); write it as 'ip link' shows it, or {CanReach}IP.");
        return null;
    }

    private static InterfaceSelector.CanReach? Reaching(this FieldReader fields, string at, string text)
    {
        if (Core.Addressing.Address.TryParse(text, out var target)) return new InterfaceSelector.CanReach(target);
        fields.Error(at, $"invalid can_reach address '{text}'; write it as {CanReach}192.0.2.1.");
        return null;
    }

    private static InterfaceSelector.Pattern? Pattern(this FieldReader fields, string at, string expression)
    {
        try
        {
            _ = new System.Text.RegularExpressions.Regex(expression);
            return new InterfaceSelector.Pattern(expression);
        }
        catch (ArgumentException fault)
        {
            fields.Error(at, $"'{expression}' is not a regular expression: {fault.Message}");
            return null;
        }
    }

    private static bool IsInterfaceName(string text) =>
        text.Length is > 0 and <= 15 && text is not ("." or "..") && !text.Any(letter => letter is '/' or ':' || char.IsWhiteSpace(letter));

    // OpenELB takes an IPv4 netmask in place of the length.
    private static string Normal(string text)
    {
        if (text.Split('/') is not [var network, var mask] || network.Contains(':') || !mask.Contains('.') || !IPAddress.TryParse(mask, out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetwork)
        {
            return text;
        }
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(parsed.GetAddressBytes());
        var length = System.Numerics.BitOperations.LeadingZeroCount(~bits);
        return length == 32 || bits << length == 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{network}/{length}") : text;
    }
}
