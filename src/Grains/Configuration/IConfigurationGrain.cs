using OrleansLb.Core.Configuration;

namespace OrleansLb.Grains.Configuration;

/// <summary>Owns the configuration that is live; a cluster has one. A wrong object never replaces its right predecessor.</summary>
[Alias("orleanslb.IConfigurationGrain")]
public interface IConfigurationGrain : IGrainWithStringKey
{
    /// <summary>Judges what is declared and makes the accepted part live; returns what is live then, with every problem.</summary>
    [Alias("Apply")]
    Task<ClusterConfiguration> Apply(DeclaredConfiguration declared);

    /// <summary>What is live.</summary>
    [Alias("Current"), ResponseTimeout(CallTimes.Quick)]
    Task<ClusterConfiguration> Current();
}
