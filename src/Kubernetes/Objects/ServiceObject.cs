using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>A v1 Service, as far as it is used.</summary>
public sealed record ServiceObject : IApiObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public ServiceSpec? Spec { get; init; }

    public ServiceStatusPart? Status { get; init; }
}

/// <summary>What the Service asks for.</summary>
public sealed record ServiceSpec
{
    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? Type { get; init; }

    public string? LoadBalancerClass { get; init; }

    public string? LoadBalancerIP { get; init; }

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? ExternalTrafficPolicy { get; init; }

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? IpFamilyPolicy { get; init; }

    public List<string>? IpFamilies { get; init; }

    public List<string>? ClusterIPs { get; init; }

    public Dictionary<string, string>? Selector { get; init; }

    public List<ServicePortObject>? Ports { get; init; }
}

/// <summary>One port of a Service.</summary>
public sealed record ServicePortObject
{
    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? Protocol { get; init; }

    public int Port { get; init; }
}

/// <summary>What a load balancer has written.</summary>
public sealed record ServiceStatusPart
{
    public LoadBalancerStatus? LoadBalancer { get; init; }

    public List<ConditionObject>? Conditions { get; init; }
}

/// <summary>The addresses of a Service.</summary>
public sealed record LoadBalancerStatus
{
    public List<IngressObject>? Ingress { get; init; }
}

/// <summary>One address of a Service.</summary>
public sealed record IngressObject
{
    public string? Ip { get; init; }

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? IpMode { get; init; }

    public string? Hostname { get; init; }
}

/// <summary>A condition (metav1.Condition, and the similar ones of nodes).</summary>
public sealed record ConditionObject
{
    [JsonConverter(typeof(RepeatedTextConverter))]
    public string Type { get; init; } = "";

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string Status { get; init; } = "";

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? Reason { get; init; }

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? Message { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }
}
