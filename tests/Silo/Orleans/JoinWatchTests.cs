using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>What a silo says that cannot join.</summary>
public sealed class JoinWatchTests : ILogger<JoinWatch>
{
    private readonly ConcurrentQueue<string> _lines = new();

    [Fact]
    public void It_names_the_members_that_it_has_to_reach_until_it_is_one()
    {
        var membership = new Membership
        {
            CurrentSnapshot = Membership.Of((Membership.Silo(1), SiloStatus.Joining, "node1"), (Membership.Silo(2), SiloStatus.Active, "node2"),
                (Membership.Silo(3), SiloStatus.Dead, "node3")),
        };
        using var watch = new JoinWatch(membership, membership, TimeProvider.System, this);
        Assert.False(watch.Look());
        Assert.Contains("node2 (192.0.2.2:11111)", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.DoesNotContain("node3", Assert.Single(_lines), StringComparison.Ordinal);

        membership.CurrentSnapshot = Membership.Of((Membership.Silo(1), SiloStatus.Active, "node1"), (Membership.Silo(2), SiloStatus.Active, "node2"));
        Assert.True(watch.Look());
        Assert.Single(_lines);
    }

    [Fact]
    public void While_there_are_no_others_it_says_nothing()
    {
        var membership = new Membership { CurrentSnapshot = Membership.Of((Membership.Silo(1), SiloStatus.Joining, "node1")) };
        using var watch = new JoinWatch(membership, membership, TimeProvider.System, this);
        Assert.False(watch.Look());
        Assert.Empty(_lines);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception));
}
