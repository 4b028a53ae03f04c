using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Silo.Telemetry;

/// <summary>
/// The last lines of the log, kept in memory and in more detail than what is written: when something has gone wrong, they tell what led to it.
/// </summary>
/// <param name="most">How many lines; the oldest go first.</param>
internal sealed class RecentLog(int most, TimeProvider time) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Of ours all but the traffic, of the frameworks what is wrong.</summary>
    public static bool IsWanted(string? category, LogLevel level) =>
        level >= (category?.StartsWith("OrleansLb.", StringComparison.Ordinal) == true ? LogLevel.Debug : LogLevel.Warning);

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // what was kept is read after the service has ended
    }

    private void Add(LogLevel level, string category, string message, Exception? exception)
    {
        var fault = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.ffffff} {level} {category}: {message}{fault}"));
        while (_lines.Count > most) _lines.TryDequeue(out _);
    }

    private sealed class Writer(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(logLevel, category, formatter(state, exception), exception);
    }
}
