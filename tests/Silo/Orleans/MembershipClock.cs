namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class MembershipClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => Now;
}
