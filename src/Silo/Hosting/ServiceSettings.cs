using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Silo.Telemetry;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Hosting;

/// <summary>Which Kubernetes API is served or read.</summary>
internal abstract record ApiSource
{
    private ApiSource()
    {
    }

    /// <summary>The API comes with the service, on its own port.</summary>
    /// <param name="Data">Where its objects are kept; null keeps them in memory.</param>
    public sealed record Embedded(string? Data) : ApiSource;

    /// <summary>The cluster that a kubeconfig names; null takes kubectl's own.</summary>
    public sealed record Kubeconfig(string? File) : ApiSource;

    /// <summary>The cluster in which this pod runs.</summary>
    public sealed record InCluster : ApiSource;
}

/// <summary>A node whose speaker runs in this process.</summary>
/// <param name="Stack">The network stack in which it speaks BGP; null where there is none.</param>
/// <param name="Interfaces">The only interfaces to use; empty for every one that can be used.</param>
/// <param name="Addresses">Its own addresses, which the embedded API's Node shows.</param>
internal sealed record NodeSettings(NodeName Name, ILinkProvider Links, INetworkScope? Stack, EquatableList<string> Interfaces,
    EquatableList<Address> Addresses)
{
    /// <summary>Its speaker's way to the cluster.</summary>
    public ControlPath Control { get; init; } = new();

    /// <summary>Interfaces that are not used, by name or pattern.</summary>
    public EquatableList<InterfaceSelector> ExcludedInterfaces { get; init; }

    /// <summary>Pings of announced addresses are answered.</summary>
    public bool AnswerPings { get; init; } = true;

    /// <summary>How often addresses are announced again once they are known; null: never.</summary>
    public TimeSpan? AnnounceEvery { get; init; }

    /// <summary>How often an address that was left to a stranger is asked for again.</summary>
    public TimeSpan YieldRecheck { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Its speaker's time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What the service is to do: the verbs make it from their options.</summary>
/// <param name="Cluster">The silos that this process is one of; null when it is the only one.</param>
internal sealed record ServiceSettings(ApiSource Api, IPEndPoint Http, IReadOnlyList<NodeSettings> Nodes, LogSettings Log, ClusterSettings? Cluster = null)
{
    /// <summary>Processes of other ids are strangers, on the same segment and the same API.</summary>
    public string ClusterId { get; init; } = ClusterSettings.UsualId;

    /// <summary>Which Services are served.</summary>
    public ServiceRules Rules { get; init; } = ServiceRules.Default;
}

/// <summary>How much is logged, and how it is written.</summary>
internal sealed record LogSettings(LogLevel Level, bool Json)
{
    public static LogSettings Quiet { get; } = new(LogLevel.Error, false);

    /// <summary>Where the last lines are kept in memory, in detail; null: nowhere.</summary>
    public RecentLog? Recent { get; init; }
}
