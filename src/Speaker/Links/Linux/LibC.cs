using System.Runtime.InteropServices;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>The system calls that .NET does not offer.</summary>
internal static partial class LibC
{
    public const int NetworkNamespaceKind = 0x40000000; // CLONE_NEWNET
    private const string Library = "libc";

    /// <summary><c>struct epoll_event</c>, which only x86-64 packs: twelve octets there, sixteen elsewhere.</summary>
    public static readonly int EpollEntryLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    [LibraryImport(Library, EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(SafeHandle descriptor, int kind);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int socket, int level, int name, in int value, uint length);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeHandle epoll, int operation, SafeHandle descriptor, ReadOnlySpan<byte> entry);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(SafeHandle epoll, Span<byte> entries, int count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport(Library, EntryPoint = "sched_getscheduler")]
    public static partial int GetScheduler(int thread);

    [LibraryImport(Library, EntryPoint = "sched_getcpu")]
    public static partial int CurrentProcessor();

    /// <summary>A bit for each processor, in words of the machine.</summary>
    [LibraryImport(Library, EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int thread, nuint length, Span<ulong> processors);

    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nuint length, ReadOnlySpan<ulong> processors);

    [LibraryImport(Library, EntryPoint = "sysconf")]
    public static partial nint SystemConfiguration(int name);

    /// <summary>For the calling thread, when <paramref name="thread"/> is 0.</summary>
    [LibraryImport(Library, EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetScheduler(int thread, int policy, in int priority);

    /// <summary>How much of the processor a thread gets beside others; for the calling one, when <paramref name="which"/> and <paramref name="who"/> are 0.</summary>
    [LibraryImport(Library, EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int who, int nice);
}
