namespace OrleansLb.Speaker.Links.Linux;

/// <summary>
/// Moves the reading thread to the processor that takes frames off the interface: woken there, it runs when the interrupt is done, and no other processor has
/// to be woken first. Only a real-time thread stays where it was put; for others the scheduler looks for an idle processor each time.
/// </summary>
internal sealed class ProcessorFollower
{
    private const int RoundRobin = 2, ResetOnFork = 0x40000000;
    private const int Words = 16, BitsPerWord = 64;

    /// <summary>The processors that the thread may use; empty: it is left alone.</summary>
    private readonly ulong[] _allowed;

    private ProcessorFollower(ulong[] allowed) => _allowed = allowed;

    /// <summary>For the calling thread.</summary>
    public static ProcessorFollower ForThisThread()
    {
        var allowed = new ulong[Words];
        var isRealTime = (LibC.GetScheduler(0) & ~ResetOnFork) == RoundRobin;
        return new(isRealTime && LibC.GetAffinity(0, Words * sizeof(ulong), allowed) == 0 ? allowed : []);
    }

    /// <summary>Goes to the processor, once: whatever it may use it may use from there on too. To be called by the thread itself.</summary>
    public void Follow(int processor)
    {
        if (_allowed.Length == 0 || processor == LibC.CurrentProcessor() || !Allows(processor)) return;
        Span<ulong> there = stackalloc ulong[Words];
        there.Clear();
        there[processor / BitsPerWord] = 1UL << (processor % BitsPerWord);
        if (LibC.SetAffinity(0, Words * sizeof(ulong), there) == 0) _ = LibC.SetAffinity(0, Words * sizeof(ulong), _allowed);
    }

    private bool Allows(int processor) => (_allowed[processor / BitsPerWord] >> (processor % BitsPerWord) & 1) != 0;
}
