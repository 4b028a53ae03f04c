using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Lets a responder's thread run as soon as a frame has come, however busy the machine: it sleeps nearly always and works for microseconds. The kernel
/// keeps a share of each processor from real-time threads, so that a flood of frames cannot take it whole.
/// </summary>
internal static class ThreadUrgency
{
    private const int RoundRobin = 2;
    private const int ResetOnFork = 0x40000000; // a pool thread that happens to be started from this one must not inherit it
    private const int LowestRealTime = 1;

    /// <summary>For the calling thread, where the process may (CAP_SYS_NICE); answers are right without it, and only later on a busy machine.</summary>
    public static void Raise()
    {
        if (OperatingSystem.IsLinux()) _ = LibC.SetScheduler(0, RoundRobin | ResetOnFork, LowestRealTime);
        else Thread.CurrentThread.Priority = ThreadPriority.Highest;
    }
}
