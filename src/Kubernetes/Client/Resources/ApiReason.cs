namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>Why the API refused a request (metav1.StatusReason).</summary>
public enum ApiReason
{
    Unknown,
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    AlreadyExists,
    Conflict,
    Gone,
    Expired,
    Invalid,
    UnsupportedMediaType,
    MethodNotAllowed,
    NotAcceptable,
    RequestEntityTooLarge,
    TooManyRequests,
    InternalError,
    ServiceUnavailable,
    Timeout,
    ServerTimeout,
    StoreReadError,
}

internal static class ApiReasons
{
    /// <summary>The reason as named, else what the code alone tells: proxies in between answer without a Status.</summary>
    public static ApiReason Of(string? text, int code) => Enum.TryParse<ApiReason>(text, out var reason) && !char.IsAsciiDigit(text[0]) ? reason : code switch
    {
        400 => ApiReason.BadRequest,
        401 => ApiReason.Unauthorized,
        403 => ApiReason.Forbidden,
        404 => ApiReason.NotFound,
        405 => ApiReason.MethodNotAllowed,
        409 => ApiReason.Conflict,
        410 => ApiReason.Gone,
        413 => ApiReason.RequestEntityTooLarge,
        415 => ApiReason.UnsupportedMediaType,
        422 => ApiReason.Invalid,
        429 => ApiReason.TooManyRequests,
        500 => ApiReason.InternalError,
        503 => ApiReason.ServiceUnavailable,
        504 => ApiReason.Timeout,
        _ => ApiReason.Unknown,
    };
}
