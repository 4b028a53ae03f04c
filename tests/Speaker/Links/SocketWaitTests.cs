using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Tests.Links;

/// <summary>The wait of a reader, and its end.</summary>
public sealed class SocketWaitTests
{
    private const int Rounds = 5_000;

    /// <summary>Wherever the reader is just then: before its wait, within it, or woken and about to look why.</summary>
    [Fact]
    public void A_reader_comes_back_however_closely_the_end_is_followed_by_closing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll is Linux's.");
        for (var round = 0; round < Rounds; round++)
        {
            var wait = new SocketWait([]);
            var reader = new Thread(() => Read(wait)) { IsBackground = true };
            reader.Start();
            if (round % 2 == 0) Thread.Yield();
            wait.End();
            wait.Dispose();
            Assert.True(reader.Join(Wire.Patience), $"The reader of round {round} waits still.");
        }
    }

    private static void Read(SocketWait wait)
    {
        try
        {
            Assert.True(wait.Next() < 0);
        }
        catch (ObjectDisposedException)
        {
            // closed before it began to wait
        }
    }
}
