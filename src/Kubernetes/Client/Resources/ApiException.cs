using OrleansLb.Kubernetes.Client.Access;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>The API refused a request; <see cref="Status"/> says why.</summary>
/// <param name="lacks">The right for want of which it was refused; null when that was not the reason.</param>
public sealed class ApiException(ApiStatus status, string request, AccessNeed? lacks = null)
    : Exception($"{request}: {status.Message ?? status.Reason.ToString()} ({status.Code} "
        + $"{status.Reason}){(lacks is { } need ? $"; {RoleAdvice.Of([need])}" : "")}")
{
    public ApiStatus Status { get; } = status;

    public ApiReason Reason => Status.Reason;

    /// <summary>What no role of ours grants, if that is the reason. Quotas, admission and namespaces that end forbid too, whatever roles grant.</summary>
    public AccessNeed? Lacks { get; } = lacks;

    /// <summary>Two writers met, or the object is there already: the request was understood and lost.</summary>
    public bool IsConflict => Reason is ApiReason.Conflict or ApiReason.AlreadyExists;
}
