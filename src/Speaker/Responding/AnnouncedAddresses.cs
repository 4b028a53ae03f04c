using System.Collections.Concurrent;

namespace OrleansLb.Speaker.Responding;

/// <summary>The addresses that an interface answers for: written by the speaker, read by the responder's thread without a lock.</summary>
public sealed class AnnouncedAddresses<T> where T : struct, IEquatable<T>
{
    private readonly ConcurrentDictionary<T, T> _addresses = new();

    public int Count => _addresses.Count;

    public bool Contains(T address) => _addresses.ContainsKey(address);

    public bool Add(T address) => _addresses.TryAdd(address, address);

    public bool Remove(T address) => _addresses.TryRemove(address, out _);
}
