using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Announcements;

/// <summary>The BGP part of a node's plan: its peers and its routes, and what of it the speaker has not been told yet.</summary>
public sealed class BgpPlan
{
    private readonly Dictionary<Prefix, PrefixRoute> _routes = [];
    private readonly HashSet<Prefix> _untold = [];
    private bool _settingsUntold;

    public EquatableList<BgpPeer> Peers { get; private set; } = [];

    /// <summary>The node is being left.</summary>
    public bool Leaving { get; private set; }

    /// <summary>No restart follows.</summary>
    public bool ForGood { get; private set; }

    /// <summary>The routes are all there are, so that a peer may be told so (End-of-RIB, RFC 4724 §2).</summary>
    public bool Complete { get; private set; }

    public bool HasUntold => _settingsUntold || _untold.Count > 0;

    /// <summary>Somebody has said what it is to be. Until then it says nothing to a speaker, which may follow one from before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Every route, sorted by prefix.</summary>
    public EquatableList<PrefixRoute> Routes => _routes.Values.OrderBy(route => route.Prefix.Network).ThenBy(route => route.Prefix.Length).ToEquatableList();

    /// <summary>Without peers there are no routes either: what is announced to nobody is announced anew once there is somebody.</summary>
    public void Take(EquatableList<BgpPeer> peers, bool leaving, bool complete, bool forGood = false)
    {
        if (IsKnown && (peers, leaving, complete, forGood) == (Peers, Leaving, Complete, ForGood)) return;
        (Peers, Leaving, Complete, ForGood) = (peers, leaving, complete, forGood);
        (IsKnown, _settingsUntold) = (true, true);
        if (peers.Count > 0) return;
        _routes.Clear();
        _untold.Clear();
    }

    public void Take(RouteChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        foreach (var route in change.Announce)
        {
            _routes[route.Prefix] = route;
            _untold.Add(route.Prefix);
        }
        foreach (var prefix in change.Withdraw)
        {
            if (_routes.Remove(prefix)) _untold.Add(prefix);
        }
    }

    /// <summary>All of it, for a speaker that begins; null while it is not known.</summary>
    public BgpStep? Whole()
    {
        if (!IsKnown) return null;
        Told();
        return new(Peers, new(Routes, []), Leaving, Complete, ForGood);
    }

    /// <summary>What is untold; null when nothing is.</summary>
    public BgpStep? Step()
    {
        if (!HasUntold) return null;
        var announce = _untold.Where(_routes.ContainsKey).Select(prefix => _routes[prefix]).ToEquatableList();
        var withdraw = _untold.Where(prefix => !_routes.ContainsKey(prefix)).ToEquatableList();
        var peers = _settingsUntold ? Peers : (EquatableList<BgpPeer>?)null;
        Told();
        return new(peers, new(announce, withdraw), Leaving, Complete, ForGood);
    }

    private void Told()
    {
        _untold.Clear();
        _settingsUntold = false;
    }
}
