using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Feed;

public sealed class WatchSetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_list_is_read_while_the_turn_that_asked_for_it_goes_on()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var turn = Task.Factory.StartNew(() => ReadWithinTheTurn(cluster), TestContext.Current.CancellationToken, TaskCreationOptions.None, turns);
        var found = await turn.Unwrap();
        var list = Assert.IsType<Change<ServiceObject>.Snapshot>(Assert.IsType<FeedInput.Services>(found).Change);
        Assert.Contains(list.Items, service => service.Metadata.Name == "web");
    }

    /// <summary>Holds the turn until there is something to read: nothing that belongs to it can run meanwhile.</summary>
    private static async Task<FeedInput?> ReadWithinTheTurn(Cluster cluster)
    {
        var inputs = Channel.CreateUnbounded<FeedInput>();
        await using var watches =
            new WatchSet(cluster.Client, inputs.Writer, new ReflectorOptions(), new Random(1), TimeProvider.System, NullLogger.Instance);
        watches.Start(ResourceTypes.Services, new ListQuery(), change => new FeedInput.Services(change));
        var isRead = inputs.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask().Wait(Patience, TestContext.Current.CancellationToken);
        return isRead && inputs.Reader.TryRead(out var input) ? input : null;
    }
}
