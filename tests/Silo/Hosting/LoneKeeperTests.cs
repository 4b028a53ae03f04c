using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Api.Hosting;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Membership;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Tests.Hosting;

/// <summary>What a process that works alone says of others that serve its cluster besides.</summary>
public sealed class LoneKeeperTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_one_is_told_of_once_with_what_to_do_and_so_is_the_end_of_the_API()
    {
        var api = await EmbeddedApi.StartAsync(new EmbeddedApiOptions(), Cancellation);
        using var client =
            ApiClient.Connect(new() { Server = api.BaseAddress }, static _ => null, TimeProvider.System, NullLogger<ApiClient>.Instance);
        var told = new Told();
        using var keeper = new LoneKeeper(Process(client, "node1"), new("node1"), told, TimeProvider.System, told);
        var other = Process(client, "node2");
        await keeper.Look(Cancellation);
        Assert.Empty(told.Lines);

        for (var look = 0; look < 3; look++)
        {
            await other.Look(Cancellation);
            await keeper.Look(Cancellation);
        }
        var (level, warning) = Assert.Single(told.Lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("the process of node node2", warning, StringComparison.Ordinal);
        Assert.Contains("--cluster kubernetes", warning, StringComparison.Ordinal);
        Assert.Equal([("node1", warning)], told.Events);

        await api.DisposeAsync();
        await keeper.Look(Cancellation);
        await keeper.Look(Cancellation);
        Assert.Equal(LogLevel.Information, Assert.Single(told.Lines, line => line.Message != warning).Level);
    }

    private static LoneProcess Process(ApiClient client, string node) => new(client, new("default", "orleanslb", "default"), node, TimeProvider.System);

    /// <summary>All that is logged, and all events.</summary>
    private sealed class Told : ILogger<LoneKeeper>, IEventRecorder
    {
        public ConcurrentQueue<(LogLevel Level, string Message)> Lines { get; } = new();

        public ConcurrentQueue<(string Node, string Message)> Events { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception)));

        public void Record(ObjectReference regarding, bool warning, string reason, string message) => Events.Enqueue((regarding.Name, message));
    }
}
