using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Tests of a speaker on loopback addresses of its own, by a clock in their hand.</summary>
public abstract class LoopbackSpeakerTests : IAsyncDisposable
{
    private readonly ILoggerFactory _log;

    private protected LoopbackSpeakerTests(ManualTime time, LogLevel least, params IPEndPoint[] listenOn)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Every address of 127.0.0.0/8 is this host's on Linux alone.");
        Time = time;
        _log = LoggerFactory.Create(builder => builder.AddFilter(level => level >= least).AddProvider(new TestOutputLog()));
        Speaker = new(new() { Node = new("node1"), ListenOn = [.. listenOn] }, HostNetwork.Instance, time, _log.CreateLogger<BgpSpeaker>());
    }

    private protected ManualTime Time { get; }

    private protected BgpSpeaker Speaker { get; }

    /// <summary>Closes the test's ends of the connections: else the speaker would wait for them, by a clock that stands still.</summary>
    private protected virtual void HangUp()
    {
    }

    public async ValueTask DisposeAsync()
    {
        HangUp();
        await Speaker.Kill();
        _log.Dispose();
        GC.SuppressFinalize(this);
    }
}
