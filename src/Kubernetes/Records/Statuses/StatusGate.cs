using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Lets requests about the status of objects through, and judges how they fail: objects that are gone are no fault, what is refused for good is named once and
/// left undone, a right that is missing is named once and tried again like an API that cannot be reached: both are a <see cref="RecordUnavailableException"/>.
/// </summary>
internal sealed class StatusGate(ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _named = new(StringComparer.Ordinal);

    /// <summary>Whether it was for want of a right: other objects may be granted all the same.</summary>
    public static bool IsForWantOfARight(RecordUnavailableException fault) => fault.InnerException is ApiException { Lacks: not null };

    /// <summary>The answer; null when the object or its kind is gone, or takes no such status.</summary>
    /// <param name="access">What the request needs, as rules write it: <c>patch addresspools.orleanslb.io/status</c>.</param>
    /// <param name="request">Sends it.</param>
    public async Task<T?> Pass<T>(string access, Func<Task<T>> request)
        where T : class
    {
        try
        {
            var answer = await request();
            _named.TryRemove(access, out _);
            return answer;
        }
        catch (ApiException refusal) when (refusal.Reason is ApiReason.NotFound or ApiReason.Conflict or ApiReason.AlreadyExists)
        {
            logger.StatusObjectGone(access, refusal.Message);
            return null;
        }
        catch (ApiException refusal) when (refusal.Lacks is null && refusal.Reason is ApiReason.Forbidden or ApiReason.Invalid or ApiReason.MethodNotAllowed)
        {
            if (_named.TryAdd(access, true)) logger.StatusNotPermitted(access, refusal.Message);
            return null;
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            if (fault is ApiException { Lacks: not null } && _named.TryAdd(access, true)) logger.StatusNotPermitted(access, fault.Message);
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
