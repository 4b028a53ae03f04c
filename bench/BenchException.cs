namespace OrleansLb.Bench;

/// <summary>A benchmark cannot run here; the message says what it lacks.</summary>
internal sealed class BenchException(string message) : Exception(message);
