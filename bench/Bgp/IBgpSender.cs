namespace OrleansLb.Bench.Bgp;

/// <summary>A BGP speaker that is measured: it announces routes from the node's namespace to the receiver in the client's.</summary>
internal interface IBgpSender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Its processes, whose memory is measured.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>Starts its processes; the session comes up when it can.</summary>
    Task Start();

    /// <summary>Announces all of <see cref="SenderRoutes"/>.</summary>
    Task AnnounceMany();

    Task WithdrawMany();

    Task AnnounceOne();

    Task WithdrawOne();
}

/// <summary>What every sender announces.</summary>
internal static class SenderRoutes
{
    public const string One = "198.51.100.1/32";

    public static IEnumerable<string> Many(int count) => Enumerable.Range(0, count).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32");
}
