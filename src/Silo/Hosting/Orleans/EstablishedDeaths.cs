using System.Collections.Concurrent;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>Silos that are dead for a fact: nobody listens at their port, or their pod is gone. Nothing about them is left to a vote.</summary>
internal sealed class EstablishedDeaths
{
    private readonly ConcurrentDictionary<SiloAddress, bool> _dead = new();

    /// <summary>Called once for each, by whoever found it; before the membership knows.</summary>
    public Action<SiloAddress>? Told { get; set; }

    public void Add(SiloAddress silo)
    {
        if (_dead.TryAdd(silo, true)) Told?.Invoke(silo);
    }

    public bool Contains(SiloAddress silo) => _dead.ContainsKey(silo);

    /// <summary>Forgets those that the membership has forgotten.</summary>
    public void KeepOnly(IReadOnlySet<SiloAddress> known)
    {
        foreach (var silo in _dead.Keys.Where(silo => !known.Contains(silo))) _dead.TryRemove(silo, out _);
    }
}
