using Microsoft.Extensions.Logging;
using OrleansLb.Silo.Telemetry;

namespace OrleansLb.Silo.Tests.Telemetry;

public sealed class LogRulesTests
{
    private const string Ours = "OrleansLb.Grains.Services.ServiceGrain";
    private const string Framework = "Orleans.Messaging";

    [Theory]
    [InlineData(Ours, LogLevel.Information, LogLevel.Information, false, true)]
    [InlineData(Ours, LogLevel.Debug, LogLevel.Information, false, false)]
    [InlineData(Framework, LogLevel.Information, LogLevel.Information, false, false)]
    [InlineData(Framework, LogLevel.Warning, LogLevel.Information, false, true)]
    [InlineData(Framework, LogLevel.Information, LogLevel.Debug, false, true)]
    [InlineData(Framework, LogLevel.Warning, LogLevel.Error, false, false)]
    [InlineData(null, LogLevel.Error, LogLevel.None, false, false)]
    [InlineData(Ours, LogLevel.Warning, LogLevel.Information, true, false)]
    [InlineData(Ours, LogLevel.Error, LogLevel.Information, true, true)]
    [InlineData(Framework, LogLevel.Error, LogLevel.Information, true, false)]
    [InlineData(Framework, LogLevel.Critical, LogLevel.Information, true, true)]
    [InlineData(Framework, LogLevel.Warning, LogLevel.Debug, true, true)]
    public void A_line_is_written_when_it_was_asked_for_and_is_news(string? category, LogLevel level, LogLevel asked, bool stopping, bool written) =>
        Assert.Equal(written, LogRules.IsWanted(category, level, asked, stopping));
}
