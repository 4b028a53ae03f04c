using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Transport;

namespace OrleansLb.Kubernetes.Client.Access;

/// <summary>
/// The words in which the API server's authorizer refuses a request: they name verb, resource and group. What else forbids has words of its own.
/// </summary>
internal static class Denial
{
    public static bool Names(ApiStatus status, ApiCall call)
    {
        var need = call.Need();
        return status.Message?.Contains($"cannot {need.Verb} resource \"{need.Resource}\" in API group \"{need.Group}\"", StringComparison.Ordinal) == true;
    }
}
