using Microsoft.Extensions.Logging;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>What membership logs.</summary>
internal static partial class MembershipLog
{
    [LoggerMessage(LogLevel.Warning, "The silos could not be compared with their pods: {Fault}")]
    public static partial void PodsNotCompared(this ILogger logger, string fault);
}
