using Microsoft.Extensions.Logging;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <summary>One who follows the Services: told one call at a time, of what has changed until then. Never more waits than there are Services.</summary>
internal sealed class Follower
{
    private readonly Dictionary<ServiceName, ServiceState?> _untold = [];
    private readonly ILogger _logger;
    private readonly Action<Follower> _failed;
    private readonly SingleFlight _telling;
    private long _revision;

    /// <param name="position">Where it stands now.</param>
    /// <param name="failed">It could not be told, and has missed something.</param>
    public Follower(IServiceObserver observer, FeedPosition position, ILogger logger, Action<Follower> failed)
    {
        (Observer, Position, _revision, _logger, _failed) = (observer, position, position.Revision, logger, failed);
        _telling = new(TellOnce);
    }

    public IServiceObserver Observer { get; }

    /// <summary>Up to here it was told, or is about to be.</summary>
    public FeedPosition Position { get; private set; }

    /// <summary>The end of its lease.</summary>
    public DateTimeOffset Until { get; set; }

    public void Tell(ServiceName service, ServiceState? state, long revision)
    {
        _untold[service] = state;
        _revision = revision;
        _telling.Run().Observe(_logger, "Telling one who follows the services", () => _failed(this));
    }

    private async Task TellOnce()
    {
        if (_untold.Count == 0) return;
        var news = new ServiceNews(
            Position, _revision,
            _untold.Values.OfType<ServiceState>().OrderBy(state => state.Service).ToEquatableList(),
            _untold.Where(entry => entry.Value is null).Select(entry => entry.Key).Order().ToEquatableList());
        _untold.Clear();
        Position = Position with { Revision = _revision };
        await Observer.Changed(news);
    }
}
