using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Lets requests about the status of objects through, and judges how they fail: objects that are gone are no fault, a right that is missing is named once and does without, and
/// an API that cannot be reached is a <see cref="RecordUnavailableException"/>.
/// </summary>
internal sealed class StatusGate(ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _named = new(StringComparer.Ordinal);

    /// <summary>The answer; null when the object or its kind is gone, or we may not.</summary>
    /// <param name="access">What the request needs, as rules write it: <c>patch addresspools.orleanslb.io/status</c>.</param>
    /// <param name="request">Sends it.</param>
    public async Task<T?> Pass<T>(string access, Func<Task<T>> request)
        where T : class
    {
        try
        {
            return await request();
        }
        catch (ApiException refusal) when (refusal.Reason is ApiReason.NotFound or ApiReason.Conflict or ApiReason.AlreadyExists)
        {
            logger.StatusObjectGone(access, refusal.Message);
            return null;
        }
        catch (ApiException refusal) when (refusal.Reason is ApiReason.Forbidden or ApiReason.Invalid or ApiReason.MethodNotAllowed)
        {
            if (_named.TryAdd(access, true)) logger.StatusNotPermitted(access, refusal.Message);
            return null;
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            throw new RecordUnavailableException(fault.Message, fault);
        }
    }

    /// <summary>True when it went through.</summary>
    public async Task<bool> Pass(string access, Func<Task> request) =>
        await Pass(access, async () =>
        {
            await request();
            return "";
        }) is not null;
}
