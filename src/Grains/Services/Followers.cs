using Microsoft.Extensions.Logging;
using OrleansLb.Client;
using OrleansLb.Core;

namespace OrleansLb.Grains.Services;

/// <summary>Who follows the Services, each with a lease. Belongs to the grain that knows them.</summary>
internal sealed class Followers(TimeProvider time, ILogger logger)
{
    /// <summary>After this time without renewal nobody is told any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly string _source = Guid.NewGuid().ToString("N");
    private readonly Dictionary<IServiceObserver, Follower> _followers = [];
    private long _revision;

    /// <summary>Begins or renews a lease. True: who follows has missed nothing, and needs no more than what it is told.</summary>
    public bool Renew(IServiceObserver observer, FeedPosition? position)
    {
        Expire();
        var isKnown = _followers.TryGetValue(observer, out var follower) && follower.Position.Source == position?.Source;
        if (!isKnown) _followers[observer] = follower = new(observer, Position, logger, Forget);
        follower!.Until = time.GetUtcNow() + Lease;
        return isKnown;
    }

    public FeedPosition Position => new(_source, _revision);

    public void Forget(IServiceObserver observer) => _followers.Remove(observer);

    /// <summary>The Service is as in <paramref name="state"/> now; null: it is served no longer.</summary>
    public void Changed(ServiceName service, ServiceState? state)
    {
        _revision++;
        if (_followers.Count == 0) return;
        Expire();
        foreach (var follower in _followers.Values.ToList()) follower.Tell(service, state, _revision);
    }

    private void Forget(Follower failed)
    {
        if (_followers.GetValueOrDefault(failed.Observer) == failed) Forget(failed.Observer);
    }

    private void Expire()
    {
        var now = time.GetUtcNow();
        foreach (var (observer, _) in _followers.Where(follower => follower.Value.Until <= now).ToList()) Forget(observer);
    }
}
