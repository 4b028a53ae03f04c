using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>
/// An orleanslb.io/v1alpha1 SiloCluster: the members of one cluster of silos. One object for all of them, so that rows
/// and version change together or not at all.
/// </summary>
public sealed record SiloClusterObject : IApiObject
{
    public static readonly ResourceType<SiloClusterObject> Type =
        new(new ApiResource("orleanslb.io", "v1alpha1", "siloclusters", "SiloCluster", Namespaced: true), MembershipJson.Default.SiloClusterObject,
            MembershipJson.Default.ObjectListSiloClusterObject);

    public string ApiVersion { get; init; } = "orleanslb.io/v1alpha1";

    public string Kind { get; init; } = "SiloCluster";

    public ObjectMeta Metadata { get; init; } = new();

    public SiloClusterSpec? Spec { get; init; }
}

/// <summary>The table of a cluster's silos.</summary>
public sealed record SiloClusterSpec
{
    public string ServiceId { get; init; } = "";

    public string ClusterId { get; init; } = "";

    /// <summary>Rises by one with each change of a row that Orleans makes.</summary>
    public int Version { get; init; }

    public List<SiloRow>? Silos { get; init; }
}

/// <summary>One silo as the table has it.</summary>
public sealed record SiloRow
{
    /// <summary>Address, port and generation as Orleans writes them, such as <c>192.0.2.1:8481@123</c>; the key of the row.</summary>
    public string Address { get; init; } = "";

    public string Name { get; init; } = "";

    public string HostName { get; init; } = "";

    /// <summary>The name of Orleans' <c>SiloStatus</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Where clients connect; 0 when the silo takes none.</summary>
    public int GatewayPort { get; init; }

    public string? Role { get; init; }

    public int? UpdateZone { get; init; }

    public int? FaultZone { get; init; }

    public MicroTime StartTime { get; init; }

    /// <summary>When it last said that it lives; later words of it stand in its Lease.</summary>
    public MicroTime AliveTime { get; init; }

    /// <summary>Rises with each change of this row: its etag.</summary>
    public long Revision { get; init; }

    public List<SiloSuspicion>? Suspicions { get; init; }
}

/// <summary>A vote that a silo is dead.</summary>
/// <param name="Silo">Who voted, as <see cref="SiloRow.Address"/>.</param>
public sealed record SiloSuspicion(string Silo, MicroTime Time);

/// <summary>How the table is read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SiloClusterObject))]
[JsonSerializable(typeof(ObjectList<SiloClusterObject>))]
internal sealed partial class MembershipJson : JsonSerializerContext;
