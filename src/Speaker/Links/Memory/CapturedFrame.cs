namespace OrleansLb.Speaker.Links.Memory;

/// <summary>A frame as it passed the segment, and when (<see cref="TimeProvider.GetTimestamp"/>).</summary>
public sealed record CapturedFrame(long Timestamp, MemoryPort From, ReadOnlyMemory<byte> Bytes);
