using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Responding;

/// <summary>What threads that must not wait ask of the system. It may be refused: then they are as right, and only later on a busy machine.</summary>
internal static class ThreadUrgency
{
    private const int Ordinary = 0;
    private const int RoundRobin = 2;
    private const int ResetOnFork = 0x40000000; // a pool thread that happens to be started from this one must not inherit it
    private const int LowestRealTime = 1;
    private const int NoPriority = 0;
    private const int LeastNice = -20;
    private const int CallingThread = 0;

    /// <summary>
    /// Lets a responder's thread, the calling one, run as soon as a frame has come, however busy the machine: it sleeps nearly always and works for microseconds.
    /// The kernel keeps a share of each processor from real-time threads, so that a flood of frames cannot take it whole. Takes CAP_SYS_NICE.
    /// </summary>
    public static void Raise()
    {
        if (OperatingSystem.IsLinux()) _ = LibC.SetScheduler(CallingThread, RoundRobin | ResetOnFork, LowestRealTime);
        else Thread.CurrentThread.Priority = ThreadPriority.Highest;
    }

    /// <summary>
    /// Puts the calling thread before all others that have no deadline, and behind those that answer frames: it computes for milliseconds at a time. Takes
    /// CAP_SYS_NICE.
    /// </summary>
    public static void Prefer()
    {
        if (!OperatingSystem.IsLinux()) Thread.CurrentThread.Priority = ThreadPriority.AboveNormal;
        else if (LibC.SetScheduler(CallingThread, Ordinary | ResetOnFork, NoPriority) == 0) _ = LibC.SetPriority(CallingThread, CallingThread, LeastNice);
    }
}
