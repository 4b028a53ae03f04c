using System.Runtime.CompilerServices;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>A feed that is slow to come to the services, when a test asks for it: whoever lost its memory finds all else sooner.</summary>
public sealed class LateServices(IClusterFeed feed) : IClusterFeed
{
    private volatile TaskCompletionSource? _held;

    /// <summary>Services are read from now on only when they are let through.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetThrough() => _held!.SetResult();

    public async IAsyncEnumerable<ClusterChange> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var change in feed.Changes(cancellation))
        {
            if (change is ClusterChange.ServicesRead && _held is { } held) await held.Task.WaitAsync(cancellation);
            yield return change;
        }
    }
}
