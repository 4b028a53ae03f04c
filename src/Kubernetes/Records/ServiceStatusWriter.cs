using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>Writes a Service's status with one request, and none when it stands there already.</summary>
public sealed class ServiceStatusWriter(ApiClient client, ServiceCache cache, ServiceRules rules, TimeProvider time, ILogger<ServiceStatusWriter> logger)
    : IServiceStatusWriter
{
    /// <summary>So often a Service may be changed by others while one status is written.</summary>
    private const int MostConflicts = 5;

    // The watch lags behind our own writes: what was written last tells whether what it shows can be trusted.
    private readonly ConcurrentDictionary<ServiceName, Written> _written = new();

    public async Task<bool> Write(ServiceStatus status, EquatableList<Address> known, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (await Find(status.Service, status.Uid, cancellation) is not { } current) return true;
        var last = _written.GetValueOrDefault(status.Service);
        var isNew = last is not null && last.Status != status;
        if (!isNew && (Shows(current, status) || last?.IsAwaited(current) == true)) return true;
        _written[status.Service] = new(status, Before: null);
        var stands = await Replace(status, current, shown => shown == known || shown == last?.Status.Addresses, cancellation);
        if (stands) _written[status.Service] = new(status, current.Metadata.ResourceVersion);
        else _written.TryRemove(status.Service, out _);
        return stands;
    }

    public async Task Clear(ServiceName service, string uid, string? finalizer, CancellationToken cancellation)
    {
        var wasWritten = _written.TryRemove(service, out _);
        if (await Find(service, uid, cancellation) is not { } current) return;
        var isOurs = current.Spec?.LoadBalancerClass is not { } named || rules.Classes.Contains(named);
        var bearsFinalizer = finalizer is not null && (wasWritten || current.Metadata.Finalizers?.Contains(finalizer) == true);
        var showsAddresses = isOurs && (wasWritten || current.Status?.LoadBalancer?.Ingress is { Count: > 0 });
        if (!bearsFinalizer && !showsAddresses && !StatusPatch.OwnConditions(current).Any() && PoolMarks.Read(current).Own is null)
        {
            return;
        }
        await Send(service, StatusPatch.Clear(uid, bearsFinalizer ? finalizer : null, current, showsAddresses), cancellation);
    }

    /// <summary>The Service as the watch shows it, else as the API has it; null when it is gone or another one bears its name.</summary>
    private async Task<ServiceObject?> Find(ServiceName name, string uid, CancellationToken cancellation) =>
        cache.TryFind(name, out var known) && known.Metadata.Uid == uid ? known : await Read(name, uid, cancellation);

    private async Task<ServiceObject?> Read(ServiceName name, string uid, CancellationToken cancellation)
    {
        try
        {
            var found = await client.Get(ResourceTypes.Services, name.Namespace, name.Name, cancellation);
            return found.Metadata.Uid == uid ? found : null;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return null;
        }
    }

    /// <summary>Tries again where something else of the Service changed meanwhile. False when the addresses did, or it changes all the time.</summary>
    private async Task<bool> Replace(ServiceStatus status, ServiceObject current, Func<EquatableList<Address>, bool> isKnown, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var changes = !ShowsAddresses(current, status);
            if (changes && !isKnown(ServiceTranslator.Held(current))) return false;
            if (await Send(status.Service, StatusPatch.Write(status, current, onlyThen: changes, time.GetUtcNow()), cancellation)) return true;
            if (await Read(status.Service, status.Uid, cancellation) is not { } found || Shows(found, status)) return true;
            current = found;
        }
        return false;
    }

    /// <summary>False when it is another one by now that bears the name, or the Service was changed meanwhile.</summary>
    private async Task<bool> Send(ServiceName name, Patch patch, CancellationToken cancellation)
    {
        try
        {
            await client.Patch(ResourceTypes.Services.Resource, new ObjectPath(name.Namespace, name.Name, "status"), patch, cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason is ApiReason.NotFound or ApiReason.Conflict)
        {
            logger.ServiceGoneMeanwhile(name); // the watch tells
            return refusal.Reason == ApiReason.NotFound;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.Invalid)
        {
            logger.StatusRefused(name, refusal.Message); // its type may have changed meanwhile: the watch tells
        }
        return true;
    }

    private static bool ShowsAddresses(ServiceObject service, ServiceStatus status)
    {
        var shown = (service.Status?.LoadBalancer?.Ingress ?? []).Select(entry => entry.Ip ?? entry.Hostname ?? "");
        return shown.SequenceEqual(status.Addresses.Select(address => address.ToString()));
    }

    private static bool Shows(ServiceObject current, ServiceStatus status) =>
        ShowsAddresses(current, status)
            && (status.Finalizer is not { } finalizer || current.Metadata.Finalizers?.Contains(finalizer) == true)
            && PoolMarks.Read(current).Show(PoolMarks.Of(status, current))
            && !StatusPatch.Gone(status, current).Any()
            && status.Conditions.All(condition => current.Status?.Conditions?.Exists(standing => Same(standing, condition)) == true);

    private static bool Same(ConditionObject standing, ServiceCondition wanted) =>
        standing.Type == wanted.Type && standing.Status == (wanted.Status ? "True" : "False") && IsSameReason(standing.Reason, wanted.Reason)
            && standing.Message == wanted.Message;

    /// <summary>What a service was given it has still after a restart: that it is found to have it is no news.</summary>
    private static bool IsSameReason(string? standing, string wanted) =>
        standing == wanted || (standing == nameof(Reason.AddressAssigned) && wanted == nameof(Reason.AddressAdopted));

    /// <param name="Before">The version of the Service as the watch showed it before it was written; null until the write was answered.</param>
    private sealed record Written(ServiceStatus Status, string? Before)
    {
        /// <summary>The write was answered, and the watch still shows what was there before it.</summary>
        public bool IsAwaited(ServiceObject shown) => Before is not null && Before == shown.Metadata.ResourceVersion;
    }
}
