using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>Services joined with their endpoints and the labels of their namespaces; tells the requests that differ from what was told before.</summary>
internal sealed class ServiceImage(ServiceRules rules, ServiceCache cache)
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>So many services are worth the other processors.</summary>
    private const int Many = 256;

    private readonly Image<PartialObject, PartialObject> _namespaces = new(ns => ns);
    private readonly Image<EndpointSliceObject, EndpointSliceObject> _slices = new(slice => slice);
    private readonly Dictionary<ServiceName, Dictionary<string, EndpointSliceObject>> _slicesOf = [];
    private readonly Dictionary<ServiceName, ServiceRequest> _told = [];
    private readonly HashSet<ServiceName> _due = [];
    private bool _servicesRead;
    private bool _toldAll;

    public bool IsRead => _servicesRead && _namespaces.IsRead && _slices.IsRead;

    public void Apply(Change<PartialObject> namespaces)
    {
        var changed = _namespaces.Apply(namespaces).Select(pair => (pair.After ?? pair.Before)!.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        if (_toldAll) _due.UnionWith(cache.Names.Where(name => changed.Contains(name.Namespace)));
    }

    public void Apply(Change<EndpointSliceObject> slices)
    {
        foreach (var (before, after) in _slices.Apply(slices))
        {
            if (before is not null && ServiceOf(before) is { } left) Leave(left, before.Metadata.Name);
            if (after is not null && ServiceOf(after) is { } joined) Join(joined, after);
        }
    }

    public void Apply(Change<ServiceObject> services)
    {
        switch (services)
        {
            case Change<ServiceObject>.Upsert upsert:
                Take(upsert.Item);
                break;
            case Change<ServiceObject>.Delete delete:
                Drop(NameOf(delete.Item));
                break;
            case Change<ServiceObject>.Snapshot snapshot:
                _servicesRead = true;
                foreach (var gone in cache.Names.Except(snapshot.Items.Select(NameOf)).ToList()) Drop(gone);
                foreach (var item in snapshot.Items) Take(item);
                break;
        }
    }

    /// <summary>
    /// Makes requests of what is there, while nothing may be told yet: after a start that is work for a processor that waits for other lists.
    /// </summary>
    public void Prepare()
    {
        if (IsRead && !_toldAll) TakeDue();
    }

    /// <summary>What is to be told now: everything the first time, then what changed.</summary>
    public IEnumerable<ClusterChange> Drain()
    {
        if (!IsRead) return [];
        var changes = TakeDue();
        if (_toldAll) return changes;
        _toldAll = true;
        return [new ClusterChange.ServicesRead(_told.Values.OrderBy(request => request.Service).ToEquatableList())];
    }

    private List<ClusterChange> TakeDue()
    {
        var due = _due.Order().ToList();
        _due.Clear();
        var requests = due.Count < Many ? due.Select(Request) : due.AsParallel().AsOrdered().Select(Request);
        return due.Zip(requests).SelectMany(service => Tell(service.First, service.Second)).ToList();
    }

    private void Join(ServiceName service, EndpointSliceObject slice)
    {
        if (!_slicesOf.TryGetValue(service, out var slices)) _slicesOf[service] = slices = new(StringComparer.Ordinal);
        slices[slice.Metadata.Name] = slice;
        _due.Add(service);
    }

    private void Leave(ServiceName service, string slice)
    {
        if (!_slicesOf.TryGetValue(service, out var slices) || !slices.Remove(slice)) return;
        if (slices.Count == 0) _slicesOf.Remove(service);
        _due.Add(service);
    }

    // A cluster may have many Services that are no load balancers; those are not kept.
    private void Take(ServiceObject service)
    {
        var name = NameOf(service);
        var bearsFinalizer = service.Metadata.Finalizers?.Exists(finalizer => finalizer == Finalizers.Standard || Finalizers.IsOfFamily(finalizer)) == true;
        var relevant = bearsFinalizer || service.Spec?.Type == "LoadBalancer" || _told.ContainsKey(name);
        if (relevant) cache.Set(name, service);
        else cache.Remove(name);
        if (relevant) _due.Add(name);
    }

    private void Drop(ServiceName name)
    {
        cache.Remove(name);
        if (_told.ContainsKey(name)) _due.Add(name);
    }

    private IEnumerable<ClusterChange> Tell(ServiceName name, ServiceRequest? after)
    {
        var before = _told.GetValueOrDefault(name);
        if (before is not null && before.Uid != after?.Uid)
        {
            _told.Remove(name);
            yield return new ClusterChange.ServiceGone(name, before.Uid);
        }
        if (after is null || after.Equals(before)) yield break;
        var isOurs = after.Wanted || after.Finalizer is not null;
        if (!isOurs && !after.Foreign && before is null) yield break;
        if (isOurs || after.Foreign) _told[name] = after; // what another load balancer serves is told, lest its claims be taken for nobody's
        else _told.Remove(name);
        yield return new ClusterChange.ServiceChanged(after);
    }

    /// <summary>What the service asks for; null when it is gone. Changes nothing here.</summary>
    private ServiceRequest? Request(ServiceName name)
    {
        if (cache.Find(name) is not { } service) return null;
        var endpoints = _slicesOf.TryGetValue(name, out var slices) && slices.Count > 0
            ? ServiceEndpoints.Of(slices.OrderBy(slice => slice.Key, StringComparer.Ordinal).Select(slice => slice.Value))
            : new ServiceEndpoints(rules.StandIns, 0) { Awaited = rules.StandIns.Count == 0 && service.Spec?.Selector is { Count: > 0 } };
        return ServiceTranslator.Translate(service, Labels.Of(_namespaces[null, name.Namespace]?.Metadata.Labels), endpoints, rules);
    }

    private static ServiceName NameOf(ServiceObject service) => new(service.Metadata.Namespace ?? "default", service.Metadata.Name);

    private static ServiceName? ServiceOf(EndpointSliceObject slice) =>
        slice.Metadata.Labels?.GetValueOrDefault(ServiceNameLabel) is { Length: > 0 } service
            ? new ServiceName(slice.Metadata.Namespace ?? "default", service)
            : null;
}
