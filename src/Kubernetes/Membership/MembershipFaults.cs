using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Bounds an operation on the membership and says what its failure means and what would help.</summary>
internal sealed class MembershipFaults(MembershipOptions options, TimeProvider time)
{
    public async Task<T> Bound<T>(AccessNeed need, Func<CancellationToken, Task<T>> operation, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await operation(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The Kubernetes API did not answer within {options.Timeout.TotalSeconds:0.#} s: {need}.");
        }
        catch (ApiException refusal) when (refusal.Lacks is not null)
        {
            var lacks = refusal.Lacks.Value with { Namespace = options.Namespace };
            throw new RecordUnavailableException($"may not {lacks}: {RoleAdvice.Of([lacks])}", refusal);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            throw new RecordUnavailableException(Missing(need), refusal);
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            throw new RecordUnavailableException(fault.Message, fault);
        }
    }

    private string Missing(AccessNeed need) =>
        $"'{need}' found nothing: neither the namespace {options.Namespace}, nor the kind {SiloClusterObject.Type.Resource} ('kubectl apply -f deploy/crds'), "
            + "nor the cluster's object may be removed while silos run; restart them to make it anew.";
}
