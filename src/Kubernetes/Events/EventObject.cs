using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Events;

/// <summary>An events.k8s.io/v1 Event.</summary>
internal sealed record EventObject : IApiObject
{
    public string ApiVersion { get; init; } = "events.k8s.io/v1";

    public string Kind { get; init; } = "Event";

    public ObjectMeta Metadata { get; init; } = new();

    public MicroTime? EventTime { get; init; }

    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }

    public string? Action { get; init; }

    public string? Reason { get; init; }

    public RegardingObject? Regarding { get; init; }

    public string? Note { get; init; }

    public string? Type { get; init; }

    public EventSeries? Series { get; init; }
}

/// <summary>The object that an event is about (v1 ObjectReference).</summary>
internal sealed record RegardingObject(string ApiVersion, string Kind, string? Namespace, string Name, string? Uid);

/// <summary>How often an event was repeated.</summary>
internal sealed record EventSeries(int Count, MicroTime LastObservedTime);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventObject))]
[JsonSerializable(typeof(ObjectList<EventObject>))]
internal sealed partial class EventJson : JsonSerializerContext;
