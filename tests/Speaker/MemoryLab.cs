using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Memory;

namespace OrleansLb.Speaker.Tests;

/// <summary>A segment in memory with a speaker's node and a client on it, on a manual clock; every frame is captured.</summary>
internal sealed class MemoryLab : IAsyncDisposable
{
    private readonly ChannelReader<CapturedFrame> _capture;

    public MemoryLab(L2SpeakerOptions? options = null)
    {
        Segment = new(Time);
        _capture = Segment.Capture();
        NodePort = Segment.Plug(Wire.Mac(1));
        ClientPort = Segment.Plug(Wire.Mac(2));
        Links.Set("eth0", NodePort, [Prefix.Parse("192.0.2.0/24"), Prefix.Parse("fd77::/64")]);
        Speaker = new(options ?? new() { Node = Wire.Node }, Links, Time, NullLogger<L2Speaker>.Instance);
    }

    public ManualTime Time { get; } = new();

    public MemorySegment Segment { get; }

    public MemoryLinks Links { get; } = new();

    public MemoryPort NodePort { get; }

    public MemoryPort ClientPort { get; }

    public L2Speaker Speaker { get; }

    /// <summary>All frames that the node has sent since the last call.</summary>
    public List<byte[]> NodeFrames()
    {
        var frames = new List<byte[]>();
        while (_capture.TryRead(out var frame))
        {
            if (frame.From == NodePort) frames.Add(frame.Bytes.ToArray());
        }
        return frames;
    }

    /// <summary>The next frame that the node sends.</summary>
    public async Task<byte[]> NextNodeFrame()
    {
        using var patience = new CancellationTokenSource(Wire.Patience);
        while (true)
        {
            if (await _capture.ReadAsync(patience.Token) is { } frame && frame.From == NodePort) return frame.Bytes.ToArray();
        }
    }

    /// <summary>The answer to a question; what is announced to all meanwhile is none.</summary>
    public async Task<ArpFrame> Ask(ArpFrame question)
    {
        ClientPort.Send(question.Bytes());
        ArpFrame answer;
        do Assert.True(ArpFrame.TryRead(await NextNodeFrame(), out answer));
        while (answer.Header.Destination != question.Header.Source);
        return answer;
    }

    /// <inheritdoc cref="Ask(ArpFrame)"/>
    public async Task<NdpFrame> Ask(NdpFrame question)
    {
        ClientPort.Send(question.Bytes());
        NdpFrame answer;
        do Assert.True(NdpFrame.TryRead(await NextNodeFrame(), out answer, out _));
        while (!question.IsProbe && answer.DestinationMac != question.SourceMac); // a probe is answered to all
        return answer;
    }

    /// <summary>
    /// Lets the grace of claims that the responder has judged pass: a first turn of the loop takes note of them, a second one, later, lets them be told.
    /// </summary>
    public async Task PassGrace(long version)
    {
        await Speaker.Apply(Wire.Then(version, []));
        Time.Advance(TimeSpan.FromSeconds(1));
        await Speaker.Apply(Wire.Then(version + 1, []));
    }

    /// <summary>Waits until the speaker has announced its addresses and forgets the frames.</summary>
    public async Task Announced(int addresses = 1)
    {
        for (var told = 0; told < addresses; told++) await Speaker.Facts.Next<SpeakerFact.Announced>();
        NodeFrames();
    }

    public ValueTask DisposeAsync() => Speaker.DisposeAsync();
}
