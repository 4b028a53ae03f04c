using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Turns;

/// <summary>Work that nobody waits for: its fault goes to the log, and to what makes it good.</summary>
internal static partial class Background
{
    public static void Observe(this Task task, ILogger logger, string what, Action? failed = null)
    {
        if (!task.IsCompletedSuccessfully) _ = Watch(task, logger, what, failed);
    }

    private static async Task Watch(Task task, ILogger logger, string what, Action? failed)
    {
        try
        {
            await task;
        }
        catch (Exception fault)
        {
            logger.BackgroundFailed(what, fault);
            failed?.Invoke();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What} failed")]
    private static partial void BackgroundFailed(this ILogger logger, string what, Exception exception);
}
