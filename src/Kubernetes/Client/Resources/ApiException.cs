namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>The API refused a request; <see cref="Status"/> says why.</summary>
/// <param name="advice">What would help; null when the status says all that is known.</param>
public sealed class ApiException(ApiStatus status, string request, string? advice = null)
    : Exception($"{request}: {status.Message ?? status.Reason.ToString()} ({status.Code} {status.Reason}){(advice is null ? "" : $"; {advice}")}")
{
    public ApiStatus Status { get; } = status;

    public ApiReason Reason => Status.Reason;

    /// <summary>Two writers met, or the object is there already: the request was understood and lost.</summary>
    public bool IsConflict => Reason is ApiReason.Conflict or ApiReason.AlreadyExists;
}
