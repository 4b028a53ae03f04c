using System.Threading.Channels;
using OrleansLb.Core;

namespace OrleansLb.Client;

/// <summary>One who follows: renews the lease, puts what it is told in order, and notices what it missed.</summary>
internal sealed class ServiceFollower : IServiceObserver, IAsyncDisposable
{
    /// <summary>How often a lease is renewed while it runs: one renewal may be lost.</summary>
    private const int RenewalsPerLease = 3;

    /// <summary>After a call that failed, or whose answer was not the whole.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly IServiceObserver _reference;
    private readonly Channel<ServiceNews> _news = Channel.CreateUnbounded<ServiceNews>();
    private readonly Dictionary<ServiceName, ServiceState> _known = [];
    private FeedPosition? _position;

    /// <summary>The last grant told of some Services only: all are asked for again.</summary>
    private bool _isPartial;
    private DateTimeOffset _renewal = DateTimeOffset.MinValue;

    public ServiceFollower(IGrainFactory grains, TimeProvider time)
    {
        (_grains, _time) = (grains, time);
        _reference = grains.CreateObjectReference<IServiceObserver>(this);
    }

    public Task Changed(ServiceNews news)
    {
        _news.Writer.TryWrite(news);
        return Task.CompletedTask;
    }

    /// <summary>What changed next; empty when nothing did and only the lease was renewed.</summary>
    public async Task<IReadOnlyList<ServiceChange>> Next(CancellationToken cancellation) =>
        _time.GetUtcNow() >= _renewal ? await Renew(cancellation) : await Hear(_renewal - _time.GetUtcNow(), cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _grains.ServiceDirectory().Unfollow(_reference).WaitAsync(Retry, _time);
        }
        catch (Exception)
        {
            // then its lease ends by itself
        }
        _grains.DeleteObjectReference<IServiceObserver>(_reference);
    }

    private async Task<IReadOnlyList<ServiceChange>> Renew(CancellationToken cancellation)
    {
        try
        {
            var grant = await _grains.ServiceDirectory().Follow(_reference, _isPartial ? null : _position).WaitAsync(cancellation);
            _renewal = _time.GetUtcNow() + (grant.IsPartial ? Retry : grant.Lease / RenewalsPerLease);
            if (grant.All is not { } all) return [];
            (_position, _isPartial) = (grant.Position, grant.IsPartial);
            return Take(all, grant.IsPartial ? [] : _known.Keys.Except(all.Select(state => state.Service)));
        }
        catch (Exception) when (!cancellation.IsCancellationRequested) // the cluster cannot be reached, or has just lost who knew
        {
            _renewal = _time.GetUtcNow() + Retry;
            return [];
        }
    }

    private async Task<IReadOnlyList<ServiceChange>> Hear(TimeSpan patience, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return Judge(await _news.Reader.ReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>News of another source, or of before the last grant, is old; news that does not join what is known shows that something was missed.</summary>
    private List<ServiceChange> Judge(ServiceNews news)
    {
        if (_position is not { } position || news.Since.Source != position.Source || news.Revision <= position.Revision) return [];
        if (news.Since.Revision > position.Revision)
        {
            (_position, _renewal) = (null, DateTimeOffset.MinValue);
            return [];
        }
        _position = position with { Revision = news.Revision };
        return Take(news.Changed, news.Gone);
    }

    private List<ServiceChange> Take(IEnumerable<ServiceState> states, IEnumerable<ServiceName> gone)
    {
        var changes = gone.ToList().Where(service => _known.Remove(service)).Select(service => new ServiceChange(service, null)).ToList();
        foreach (var state in states)
        {
            if (state == _known.GetValueOrDefault(state.Service)) continue;
            _known[state.Service] = state;
            changes.Add(new(state.Service, state));
        }
        return changes;
    }
}
