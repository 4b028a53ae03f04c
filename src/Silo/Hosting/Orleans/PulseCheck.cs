using System.Net.Sockets;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>Whether the process of a silo runs, whatever its silo answers.</summary>
internal interface IPulseCheck
{
    /// <summary>False when no answer came in good time. Never fails.</summary>
    Task<bool> Answers(SiloAddress silo);
}

/// <summary>Asks a silo's <see cref="SiloPulse"/>. On a thread of its own as well: it is the asker's machine that may be busy.</summary>
internal sealed class PulseCheck : IPulseCheck
{
    /// <summary>A datagram may be lost; two in a row are not.</summary>
    private const int Questions = 2;

    /// <summary>How long each is waited for; a machine that is not busy answers in a tenth of a millisecond.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    public Task<bool> Answers(SiloAddress silo) =>
        Task.Factory.StartNew(() => Ask(silo), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static bool Ask(SiloAddress silo)
    {
        try
        {
            using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(silo.Endpoint);
            var question = PulseFrame.Question(silo.Generation);
            for (var number = 0; number < Questions; number++)
            {
                socket.Send(question);
                if (socket.Poll(Patience, SelectMode.SelectRead) && IsAnswered(socket, question)) return true;
            }
        }
        catch (SocketException)
        {
            // nobody listens there, or no way leads there: no sign of life
        }
        return false;
    }

    private static bool IsAnswered(Socket socket, ReadOnlySpan<byte> question)
    {
        Span<byte> frame = stackalloc byte[PulseFrame.Length];
        return PulseFrame.IsAnswer(frame[..socket.Receive(frame)], question);
    }
}
