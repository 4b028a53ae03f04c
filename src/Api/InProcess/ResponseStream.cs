using System.Buffers;
using System.IO.Pipelines;

namespace OrleansLb.Api.InProcess;

/// <summary>
/// Reads the body of a response as it arrives. It ends with the last byte that was promised, without waiting for the pipeline to end; one that is disposed of
/// before tells the pipeline that nobody listens.
/// </summary>
/// <remarks>It is a stream and not the pipe itself, because awaiting a pipe would bring a grain off its scheduler.</remarks>
internal sealed class ResponseStream(PipeReader reader, long? promised, ExchangedRequest request) : Stream
{
    private long? _left = promised;
    private bool _ended;
    private bool _waiting;
    private int _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (HasEnded()) return new(0);
        return reader.TryRead(out var read) && IsUsable(read) ? new(Take(read, buffer.Span)) : ReadWhenThere(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        while (!HasEnded())
        {
            var read = await Next(cancellationToken).ConfigureAwait(false);
            foreach (var part in read.Buffer) await destination.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            Advance(read, read.Buffer.Length);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (!HasEnded()) request.Abort();
            if (!_waiting) reader.Complete(); // who waits there still is woken by the abortion, and has the pipe to itself
        }
        base.Dispose(disposing);
    }

    private bool HasEnded() => _ended || _left == 0;

    private async ValueTask<int> ReadWhenThere(Memory<byte> buffer, CancellationToken cancellation) =>
        Take(await Next(cancellation).ConfigureAwait(false), buffer.Span);

    private async ValueTask<ReadResult> Next(CancellationToken cancellation)
    {
        _waiting = true;
        try
        {
            ReadResult read;
            do read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            while (!IsUsable(read));
            return read;
        }
        finally
        {
            _waiting = false;
        }
    }

    /// <summary>Something has come, or the end.</summary>
    private bool IsUsable(ReadResult read)
    {
        if (!read.IsCanceled && (read.IsCompleted || !read.Buffer.IsEmpty)) return true;
        reader.AdvanceTo(read.Buffer.Start);
        return request.IsBroken ? throw ResponseBody.Cut() : false;
    }

    private int Take(ReadResult read, Span<byte> target)
    {
        var count = (int)Math.Min(target.Length, read.Buffer.Length);
        read.Buffer.Slice(0, count).CopyTo(target);
        Advance(read, count);
        return count;
    }

    private void Advance(ReadResult read, long count)
    {
        reader.AdvanceTo(read.Buffer.GetPosition(count));
        _left -= count;
        if (read.IsCompleted && count == read.Buffer.Length) _ended = true;
    }
}
