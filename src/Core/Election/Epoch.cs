namespace OrleansLb.Core.Election;

/// <summary>Numbers the hand-overs of an address. Taken from the clock, so that a grain that lost its memory still goes on upwards.</summary>
public static class Epoch
{
    public static long Next(long last, DateTimeOffset now) => Math.Max(last + 1, now.ToUnixTimeMilliseconds());
}
