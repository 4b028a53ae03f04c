using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>The families of a Service and its cluster address in each.</summary>
internal static class ServiceAddresses
{
    private const int ReservedAtStart = 10; // the API's own address, DNS, and room for addresses chosen by hand

    public static void Allocate(KindContext context, JsonObject tree, ServiceSpec spec)
    {
        if (!spec.NeedsClusterIP) return;
        var given = spec.ClusterIPs.Count > 0 ? spec.ClusterIPs : spec.Json.Text("clusterIP") is { Length: > 0 } one ? [one] : [];
        SettleFamilies(spec, given);
        if (spec.IsHeadless) given = ["None"];
        else
            foreach (var family in spec.Families.Skip(given.Count).ToList()) given.Add(Free(context, tree, family));
        spec.SetTexts("clusterIPs", given);
        spec.Json["clusterIP"] = given[0];
    }

    public static string? FamilyOf(string address) => !IPAddress.TryParse(address, out var ip) ? null
        : ip.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    private static void SettleFamilies(ServiceSpec spec, List<string> given)
    {
        var families = spec.Families;
        var selectorless = spec.IsHeadless && spec.Json.Object("selector") is not { Count: > 0 };
        var policy = spec.FamilyPolicy ?? (families.Count == 2 || given.Count == 2 || selectorless ? "RequireDualStack" : "SingleStack");
        foreach (var family in given.Select(FamilyOf).OfType<string>())
            if (!families.Contains(family) && families.Count < given.Count) families.Add(family);
        if (families.Count == 0) families.Add("IPv4");
        if (families.Count == 1 && policy != "SingleStack") families.Add(families[0] == "IPv4" ? "IPv6" : "IPv4");
        spec.Json["ipFamilyPolicy"] = policy;
        spec.SetTexts("ipFamilies", families);
    }

    /// <summary>
    /// A free address of the family: probing from a place given by the service's uid, so that it takes the same few steps however many are taken.
    /// </summary>
    private static string Free(KindContext context, JsonObject tree, string family)
    {
        var network = family == "IPv6" ? context.Addresses.ClusterIPv6 : context.Addresses.ClusterIPv4;
        var start = new BigInteger(network.BaseAddress.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        var size = Math.Min(1L << 32, (long)BigInteger.Pow(2, (family == "IPv6" ? 128 : 32) - network.PrefixLength)) - ReservedAtStart - 1;
        var first = (uint)string.GetHashCode(tree.Metadata().Text("uid") ?? "", StringComparison.Ordinal) % size;
        for (long step = 0; step < size; step++)
        {
            var address = Format(start + ReservedAtStart + ((first + step) % size), family);
            if (context.Transaction.Image.Holders(ServiceClaims.ClusterIP(address)).IsEmpty) return address;
        }
        throw ApiError.Internal($"failed to allocate a serviceIP: range {network} is full").AsException();
    }

    private static string Format(BigInteger address, string family)
    {
        Span<byte> bytes = stackalloc byte[family == "IPv6" ? 16 : 4];
        var raw = address.ToByteArray(isUnsigned: true, isBigEndian: true);
        raw.CopyTo(bytes[(bytes.Length - raw.Length)..]);
        return new IPAddress(bytes).ToString();
    }
}
