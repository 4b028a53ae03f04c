using Microsoft.Extensions.Logging;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Pools;

/// <summary>Tells the object that declares a pool how full it is.</summary>
internal sealed class PoolReporting
{
    private readonly PoolBook _book;
    private readonly IPoolStatusWriter _writer;
    private readonly Reporting _reporting;
    private PoolReport? _written;

    public PoolReporting(PoolBook book, IPoolStatusWriter writer, ReportOptions options, TimeProvider time, ILogger logger)
    {
        (_book, _writer) = (book, writer);
        _reporting = new(() => book.Revision, Tell, new(options.Interval, options.RetryLimit), time,
            fault => logger.StatusNotWritten($"counts of pool {book.Name}", fault.Message));
    }

    public Task Turn() => _reporting.Turn();

    private async Task<bool> Tell()
    {
        if (PoolReport.Of(_book) is not { } report || report == _written) return true;
        await _writer.Write(report, CancellationToken.None);
        _written = report;
        return true;
    }
}
