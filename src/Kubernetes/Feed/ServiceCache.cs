using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansLb.Core;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>Services as the watch last showed them in this process, so that a writer need not read what it is about to write.</summary>
public sealed class ServiceCache
{
    private readonly ConcurrentDictionary<ServiceName, ServiceObject> _services = new();

    public ICollection<ServiceName> Names => _services.Keys;

    public ServiceObject? Find(ServiceName name) => _services.GetValueOrDefault(name);

    public bool TryFind(ServiceName name, [NotNullWhen(true)] out ServiceObject? service) => _services.TryGetValue(name, out service);

    internal void Set(ServiceName name, ServiceObject service) => _services[name] = service;

    internal void Remove(ServiceName name) => _services.TryRemove(name, out _);

    internal void Clear() => _services.Clear();
}
