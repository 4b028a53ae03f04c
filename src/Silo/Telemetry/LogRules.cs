using Microsoft.Extensions.Logging;

namespace OrleansLb.Silo.Telemetry;

/// <summary>Which log lines are written: of ours those that were asked for; of the frameworks only what is wrong, unless details were asked for.</summary>
internal static class LogRules
{
    /// <param name="stopping">While the service stops, calls fail because what they need has stopped before them: that is no news.</param>
    public static bool IsWanted(string? category, LogLevel level, LogLevel asked, bool stopping)
    {
        var ours = category?.StartsWith("OrleansLb.", StringComparison.Ordinal) == true;
        var least = ours || asked <= LogLevel.Debug || asked > LogLevel.Warning ? asked : LogLevel.Warning;
        var leastNow = !stopping || asked <= LogLevel.Debug ? least : ours ? LogLevel.Error : LogLevel.Critical;
        return level >= least && level >= leastNow;
    }
}
