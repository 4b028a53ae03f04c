using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Responding;

/// <summary>How many answers one station is given, and all together.</summary>
public sealed record AskerLimitOptions
{
    /// <summary>Answers to one station in a second, on average. A router that learns thousands of addresses anew stays within burst and rate.</summary>
    public int PerSecond { get; init; } = 1000;

    /// <summary>Answers to one station at once.</summary>
    public int Burst { get; init; } = 5000;

    /// <summary>
    /// Answers on one interface in a second to stations that asked before, and as many to all others: what a flood from made-up stations can cost.
    /// </summary>
    public int TotalPerSecond { get; init; } = 20_000;
}

/// <summary>
/// Bounds the answers to each station by a token bucket, in memory that does not grow. Stations that ask again after a while are known, and draw on a total of
/// their own: a flood from made-up stations, of which each asks once, takes neither their place nor their answers. For one thread; allocates nothing.
/// </summary>
public sealed class AskerLimits(AskerLimitOptions options, TimeProvider time)
{
    private const int Places = 1024; // a power of two

    /// <summary>Who asks again so long after his first question is known; a flood does not wait.</summary>
    private static readonly TimeSpan Acquaintance = TimeSpan.FromSeconds(1);

    /// <summary>How long a known station keeps its place: about as long as a host goes without asking again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(2);

    private readonly Bucket[] _buckets = new Bucket[Places];
    private Bucket _known = new() { Tokens = options.TotalPerSecond };
    private Bucket _strangers = new() { Tokens = options.TotalPerSecond };

    /// <summary>What a station may still be answered, when that was reckoned, and when it was first heard.</summary>
    private struct Bucket
    {
        public MacAddress Asker;
        public double Tokens;
        public long At;
        public long Since;
    }

    /// <summary>Takes one answer to the station off its bucket; false when there is none left.</summary>
    public bool Admit(MacAddress asker)
    {
        var now = time.GetTimestamp();
        ref var bucket = ref _buckets[(asker.Value ^ (asker.Value >> 10) ^ (asker.Value >> 20)) & (Places - 1)];
        if (bucket.Asker != asker)
        {
            if (IsKnown(bucket, bucket.At) && time.GetElapsedTime(bucket.At, now) < Remembered)
                return Take(ref _strangers, options.TotalPerSecond, options.TotalPerSecond, now);
            bucket = new() { Asker = asker, Tokens = options.Burst, At = now, Since = now };
        }
        ref var total = ref (IsKnown(bucket, now) ? ref _known : ref _strangers);
        return Take(ref bucket, options.PerSecond, options.Burst, now) && Take(ref total, options.TotalPerSecond, options.TotalPerSecond, now);
    }

    private bool IsKnown(in Bucket bucket, long now) => time.GetElapsedTime(bucket.Since, now) >= Acquaintance;

    private bool Take(ref Bucket bucket, int perSecond, int burst, long now)
    {
        bucket.Tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
        bucket.At = now;
        if (bucket.Tokens < 1) return false;
        bucket.Tokens--;
        return true;
    }
}
