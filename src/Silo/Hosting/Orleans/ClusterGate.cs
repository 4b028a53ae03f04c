using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Silo.Hosting;

/// <summary>Before the silo of a cluster starts: has threads ready for it, waits until the API answers, and says which rights are missing.</summary>
internal sealed class ClusterGate(ApiClient client, MembershipOptions cluster, TimeProvider time, ILogger<ClusterGate> log) : IHostedService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Short probes must not wait for the pool to make a thread, least of all while everything starts.</summary>
    private const int ThreadsAtStart = 16;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ThreadPool.SetMinThreads(ThreadsAtStart, ThreadsAtStart);
        while (await Missing(cancellationToken) is var missing)
        {
            if (missing is { Count: 0 }) return;
            if (missing is not null)
                throw new OperatorException($"the service account may not do what a silo must ({string.Join("; ", missing)}): {RoleAdvice.Of(missing)}; "
                    + "deploy/base/rbac.yaml has them all.");
            await Task.Delay(Retry, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Null when the API could not be asked.</summary>
    private async Task<IReadOnlyList<AccessNeed>?> Missing(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(cluster.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await new AccessCheck(client).Missing(SiloTableStore.Needs(cluster.Namespace), either.Token);
        }
        catch (Exception fault) when (fault is ApiException or HttpRequestException or IOException
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.WaitsForApi(fault.Message);
            return null;
        }
    }
}
