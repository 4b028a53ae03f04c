using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Lets a responder's thread run before others of a busy machine. It sleeps nearly always and works for microseconds, so that nobody is the worse for it.
/// </summary>
internal static class ThreadUrgency
{
    private const int Nice = -15;

    /// <summary>For the calling thread, where the process may (CAP_SYS_NICE); answers are right without it, and only later on a busy machine.</summary>
    public static void Raise()
    {
        if (OperatingSystem.IsLinux()) _ = LibC.SetPriority(0, 0, Nice);
        else Thread.CurrentThread.Priority = ThreadPriority.Highest;
    }
}
