using System.Globalization;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Kubernetes.Records;

/// <summary>The name of an address's claim: one name for one address, legal as a DNS subdomain.</summary>
public static class ClaimNames
{
    /// <summary><c>192.0.2.10</c> as it is; of IPv6 the eight groups without leading zeros, with dashes: <c>2001-db8-0-0-0-0-0-10</c>.</summary>
    public static string Of(Address address) => address.Family == IpFamily.IPv4
        ? address.ToString()
        : string.Join('-',
            Enumerable.Range(0, 8).Select(group => ((ushort)(address.Value >> (112 - (16 * group)))).ToString("x", CultureInfo.InvariantCulture)));
}
