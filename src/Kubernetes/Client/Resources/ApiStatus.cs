using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>The body of an answer that is no success (metav1.Status).</summary>
public sealed record ApiStatus
{
    public string? Kind { get; init; }

    public string? Status { get; init; }

    public string? Message { get; init; }

    /// <summary>CamelCase; what a caller decides on, together with <see cref="Code"/> where it is absent.</summary>
    [JsonPropertyName("reason")]
    public string? ReasonText { get; init; }

    public int Code { get; init; }

    public ApiStatusDetails? Details { get; init; }

    [JsonIgnore]
    public ApiReason Reason => ApiReasons.Of(ReasonText, Code);

    public bool HasCause(string reason) => Details?.Causes?.Exists(cause => cause.Reason == reason) == true;

    public override string ToString() => $"{Code} {Reason}: {Message}";
}

/// <summary>More about a failure.</summary>
public sealed record ApiStatusDetails
{
    public string? Name { get; init; }

    public string? Kind { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public List<ApiStatusCause>? Causes { get; init; }
}

/// <summary>One field that a failure is about.</summary>
public sealed record ApiStatusCause
{
    public string? Reason { get; init; }

    public string? Field { get; init; }

    public string? Message { get; init; }
}
