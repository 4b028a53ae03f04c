using System.Net;

namespace OrleansLb.Api.Resources;

/// <summary>Where the API takes cluster addresses and node ports from.</summary>
public sealed record AddressPlan
{
    public IPNetwork ClusterIPv4 { get; init; } = IPNetwork.Parse("10.96.0.0/16");
    public IPNetwork ClusterIPv6 { get; init; } = IPNetwork.Parse("fd00:10:96::/112");
    public int FirstNodePort { get; init; } = 30000;
    public int LastNodePort { get; init; } = 32767;
}
