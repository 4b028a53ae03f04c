using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Gateway;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>How often it is said that somebody was turned away.</summary>
public sealed class RefusalLogTests : ILogger
{
    private readonly Clock _clock = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void The_same_of_one_machine_is_said_once_a_minute()
    {
        var log = new RefusalLog(_clock, this);
        for (var port = 1000; port < 1100; port++) log.Refused(new IPEndPoint(IPAddress.Loopback, port), "it does not know the secret.");
        Assert.Contains("--silo-secret", Assert.Single(_lines), StringComparison.Ordinal);

        log.Refused(new IPEndPoint(IPAddress.Loopback, 1), "it showed no certificate.");
        log.Refused(new IPEndPoint(IPAddress.IPv6Loopback, 1), "it does not know the secret.");
        Assert.Equal(3, _lines.Count);

        _clock.Now += TimeSpan.FromMinutes(1);
        log.Refused(new IPEndPoint(IPAddress.Loopback, 2), "it does not know the secret.");
        log.Refused(new IPEndPoint(IPAddress.Loopback, 3), "it does not know the secret.");
        Assert.Equal(4, _lines.Count);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
