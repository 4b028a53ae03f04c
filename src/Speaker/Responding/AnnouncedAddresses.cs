using System.Collections.Concurrent;

namespace OrleansLb.Speaker.Responding;

/// <summary>The addresses that an interface answers for: written by the speaker, read by the responder's thread without a lock.</summary>
public sealed class AnnouncedAddresses<T> where T : struct, IEquatable<T>
{
    private readonly ConcurrentDictionary<T, HeldAddress> _addresses = new();

    public int Count => _addresses.Count;

    public bool Contains(T address) => _addresses.ContainsKey(address);

    /// <summary>How the address is held; null when it is not.</summary>
    public HeldAddress? Find(T address) => _addresses.GetValueOrDefault(address);

    public bool Add(T address) => Add(address, new());

    /// <summary>Holds the address this way from now on; false when it was held before.</summary>
    public bool Add(T address, HeldAddress held)
    {
        var isNew = !_addresses.ContainsKey(address);
        _addresses[address] = held;
        return isNew;
    }

    public bool Remove(T address) => _addresses.TryRemove(address, out _);
}
