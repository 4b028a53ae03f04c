namespace OrleansLb.Core.Addressing;

/// <summary>The family of an address, named as <c>spec.ipFamilies</c> of a Kubernetes Service names it.</summary>
[GenerateSerializer, Alias("orleanslb.IpFamily")]
public enum IpFamily : byte
{
    IPv4 = 4,
    IPv6 = 6,
}
