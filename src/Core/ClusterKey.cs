namespace OrleansLb.Core;

/// <summary>The key of the grains of which a cluster has one.</summary>
public static class ClusterKey
{
    public const string Value = "cluster";
}
