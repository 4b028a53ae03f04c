using Microsoft.Extensions.Logging;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Sync;

/// <summary>Reads the feed for ever, one change after the other, and begins anew after a fault.</summary>
internal sealed class FeedReader(IClusterFeed feed, Func<ClusterChange, Task> take, Backoff backoff, TimeProvider time, ILogger logger)
{
    public bool IsReading { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>What the last fault was; null once changes are read again.</summary>
    public string? LastFault { get; private set; }

    public DateTimeOffset? LastChange { get; private set; }

    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Read(stopping);
            }
            catch (Exception fault) when (!stopping.IsCancellationRequested)
            {
                var wait = backoff.Failed();
                (IsReading, LastFault) = (false, fault.Message);
                Restarts++;
                logger.ReadingFailed(wait, fault);
                await Task.Delay(wait, time, stopping);
            }
        }
    }

    private async Task Read(CancellationToken stopping)
    {
        await foreach (var change in feed.Changes(stopping))
        {
            await take(change);
            backoff.Succeeded();
            (IsReading, LastFault, LastChange) = (true, null, time.GetUtcNow());
        }
        throw new InvalidOperationException("The feed ended.");
    }
}
