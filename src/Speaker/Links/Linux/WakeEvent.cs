using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>Lets one thread wait for a socket and another end the wait (eventfd): the kernel offers no way to interrupt a read of a packet socket.</summary>
internal sealed class WakeEvent : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private readonly SafeFileHandle _event;
    private volatile bool _set;

    public WakeEvent()
    {
        var descriptor = LibC.EventDescriptor(0, CloseOnExec);
        if (descriptor < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _event = new(descriptor, ownsHandle: true);
    }

    /// <summary>Waits until the socket has something to read or an error to tell (true), or the event is set (false).</summary>
    public bool WaitFor(SafeHandle socket)
    {
        bool holdsSocket = false, holdsEvent = false;
        try
        {
            socket.DangerousAddRef(ref holdsSocket);
            _event.DangerousAddRef(ref holdsEvent);
            if (!_set) Poll(socket.DangerousGetHandle(), _event.DangerousGetHandle());
            return !_set;
        }
        finally
        {
            if (holdsEvent) _event.DangerousRelease();
            if (holdsSocket) socket.DangerousRelease();
        }
    }

    public void Set()
    {
        _set = true;
        _ = LibC.Write(_event, [1, 0, 0, 0, 0, 0, 0, 0], 8);
    }

    public void Dispose() => _event.Dispose();

    /// <summary>A signal that interrupts the wait (EINTR) reads as "look again", which does no harm.</summary>
    private static void Poll(nint socket, nint wake)
    {
        Span<LibC.PollEntry> entries =
        [
            new() { Descriptor = (int)socket, Events = LibC.PollIn },
            new() { Descriptor = (int)wake, Events = LibC.PollIn },
        ];
        _ = LibC.Poll(entries, (nuint)entries.Length, timeoutMilliseconds: -1);
    }
}
