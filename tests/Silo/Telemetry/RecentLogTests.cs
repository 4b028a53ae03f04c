using Microsoft.Extensions.Logging;
using OrleansLb.Silo.Telemetry;

namespace OrleansLb.Silo.Tests.Telemetry;

public sealed class RecentLogTests
{
    private const string Ours = "OrleansLb.Grains.Services.ServiceGrain";

    [Fact]
    public void The_last_lines_are_kept_with_their_faults_and_the_oldest_go_first()
    {
        using var log = new RecentLog(2, TimeProvider.System);
        var logger = log.CreateLogger(Ours);

        Write(LogLevel.Debug, "one");
        Write(LogLevel.Debug, "two");
        Write(LogLevel.Error, "three", new InvalidOperationException("no way"));

        Assert.Equal(["Debug ServiceGrain: two", "Error ServiceGrain: three (InvalidOperationException: no way)"],
            log.Lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

        void Write(LogLevel level, string line, Exception? fault = null) => logger.Log(level, default, line, fault, (text, _) => text);
    }

    [Theory]
    [InlineData(Ours, LogLevel.Debug, true)]
    [InlineData(Ours, LogLevel.Trace, false)]
    [InlineData("Microsoft.AspNetCore", LogLevel.Information, false)]
    [InlineData(null, LogLevel.Warning, true)]
    public void Of_ours_details_are_kept_and_of_the_frameworks_what_is_wrong(string? category, LogLevel level, bool kept) =>
        Assert.Equal(kept, RecentLog.IsWanted(category, level));
}
