using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>
/// Lets one thread wait for sockets (epoll) and another end the wait (eventfd): the kernel offers no way to interrupt a read of a packet socket.
/// </summary>
internal sealed class SocketWait : IDisposable
{
    private const int CloseOnExec = 0x80000, Add = 1;
    private const uint Readable = 1; // EPOLLIN
    private const int Ended = -1;

    private readonly SafeFileHandle _epoll = Own(LibC.EpollCreate(CloseOnExec));
    private readonly SafeFileHandle _event = Own(LibC.EventDescriptor(0, CloseOnExec));
    private volatile bool _set;

    public SocketWait(IReadOnlyList<Socket> sockets)
    {
        Watch(_event, Ended);
        for (var index = 0; index < sockets.Count; index++) Watch(sockets[index].SafeHandle, index);
    }

    /// <summary>Waits until a socket has something to read or an error to tell; returns its index, or a negative number once the wait was ended.</summary>
    public int Next()
    {
        Span<byte> entry = stackalloc byte[LibC.EpollEntryLength];
        var held = false;
        try
        {
            _event.DangerousAddRef(ref held); // closed any earlier it would be out of the set before a reader that it has just woken looks there
            while (!_set)
            {
                if (LibC.EpollWait(_epoll, entry, 1, timeoutMilliseconds: -1) == 1) return BitConverter.ToInt32(entry[^8..]);
            }
            return Ended;
        }
        finally
        {
            if (held) _event.DangerousRelease();
        }
    }

    public void End()
    {
        _set = true;
        _ = LibC.Write(_event, [1, 0, 0, 0, 0, 0, 0, 0], 8);
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _event.Dispose();
    }

    private static SafeFileHandle Own(int descriptor) =>
        descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private void Watch(SafeHandle descriptor, long number)
    {
        Span<byte> entry = stackalloc byte[LibC.EpollEntryLength];
        entry.Clear();
        BitConverter.TryWriteBytes(entry, Readable);
        BitConverter.TryWriteBytes(entry[^8..], number);
        if (LibC.EpollControl(_epoll, Add, descriptor, entry) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
