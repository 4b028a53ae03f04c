using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Responding;

/// <summary>How many answers one station is given, and all together.</summary>
public sealed record AskerLimitOptions
{
    /// <summary>Answers to one station in a second, on average. A router that learns thousands of addresses anew stays within burst and rate.</summary>
    public int PerSecond { get; init; } = 1000;

    /// <summary>Answers to one station at once.</summary>
    public int Burst { get; init; } = 5000;

    /// <summary>Answers on one interface in a second, whoever asks: what a flood from made-up stations can cost.</summary>
    public int TotalPerSecond { get; init; } = 20_000;
}

/// <summary>
/// Bounds the answers to each station by a token bucket, in memory that does not grow: stations that fall on one place push each other out, and one that comes
/// anew begins with a full bucket, so that a flood never costs another station its answers. For one thread; allocates nothing.
/// </summary>
public sealed class AskerLimits(AskerLimitOptions options, TimeProvider time)
{
    private const int Places = 1024; // a power of two

    private readonly Bucket[] _buckets = new Bucket[Places];
    private Bucket _total = new() { Tokens = options.TotalPerSecond };

    /// <summary>What a station may still be answered, and when that was reckoned.</summary>
    private struct Bucket
    {
        public MacAddress Asker;
        public double Tokens;
        public long At;
    }

    /// <summary>Takes one answer to the station off its bucket; false when there is none left.</summary>
    public bool Admit(MacAddress asker)
    {
        var now = time.GetTimestamp();
        ref var bucket = ref _buckets[(asker.Value ^ (asker.Value >> 10) ^ (asker.Value >> 20)) & (Places - 1)];
        if (bucket.Asker != asker) bucket = new() { Asker = asker, Tokens = options.Burst, At = now };
        return Take(ref bucket, options.PerSecond, options.Burst, now) && Take(ref _total, options.TotalPerSecond, options.TotalPerSecond, now);
    }

    private bool Take(ref Bucket bucket, int perSecond, int burst, long now)
    {
        bucket.Tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
        bucket.At = now;
        if (bucket.Tokens < 1) return false;
        bucket.Tokens--;
        return true;
    }
}
