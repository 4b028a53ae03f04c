using System.Diagnostics.Metrics;
using System.Threading.Channels;
using OrleansLb.Core;

namespace OrleansLb.Speaker.Tests;

/// <summary>
/// Hears each frame that one node's responders refuse, by reason, or take for a conflict, as it is counted: a test waits
/// for the responder and not for the clock.
/// </summary>
internal sealed class RefusalWatch : IDisposable
{
    private readonly Channel<string> _reasons = Channel.CreateUnbounded<string>();
    private readonly MeterListener _listener;

    public RefusalWatch(NodeName node)
    {
        _listener = new() { InstrumentPublished = (instrument, listener) => Listen(instrument, listener, node) };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.Start();
    }

    public async Task Next(string reason) => Assert.True(await TryNext(reason, Wire.Patience), $"No frame was refused as {reason}.");

    /// <summary>False when none was refused for this reason in time.</summary>
    public async Task<bool> TryNext(string reason, TimeSpan time)
    {
        using var late = new CancellationTokenSource(time);
        try
        {
            while (await _reasons.Reader.ReadAsync(late.Token) != reason)
            {
                // another frame's
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Listen(Instrument instrument, MeterListener listener, NodeName node)
    {
        if ((instrument.Name.EndsWith(".refusals", StringComparison.Ordinal) || IsConflicts(instrument))
            && instrument.Meter.Tags?.Any(tag => tag.Value as string == node.Value) == true)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static bool IsConflicts(Instrument instrument) => instrument.Name is "orleanslb.arp.conflicts" or "orleanslb.ndp.conflicts";

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (IsConflicts(instrument)) _reasons.Writer.TryWrite("Conflict");
        foreach (var tag in tags)
        {
            if (tag.Key == "orleanslb.reason") _reasons.Writer.TryWrite((string)tag.Value!);
        }
    }
}
