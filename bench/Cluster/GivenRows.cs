using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Bench.Cluster;

/// <summary>
/// What can be measured in a cluster that is somebody's: many Services at once, and the watches on the kinds that nobody but OrleansLb has a use for.
/// </summary>
internal static partial class GivenRows
{
    private const int AtOnce = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<string> Parts { get; } = ["mass", "watches"];

    public static async Task Measure(BenchOptions options, IReadOnlySet<string> parts, Findings findings)
    {
        if (parts.Except(Parts).ToList() is [var other, ..])
            throw new BenchException($"bench cluster --kubeconfig measures {string.Join(" and ", Parts)}: '{other}' starts or breaks nodes.");
        if (parts.Contains("watches")) await Watches(options.Kubeconfig!, findings);
        if (!parts.Contains("mass")) return;
        var addresses = options.Addresses
            ?? throw new BenchException(
                $"--kubeconfig needs --addresses RANGE: {ClusterBed.Services} addresses of the nodes' segment that nobody has, such as 10.1.0.0/22.");
        await using var cluster = await GivenCluster.Open(options.Kubeconfig!, addresses);
        await Mass(cluster, findings);
    }

    /// <summary>
    /// What the server and a client take for the creating alone is measured beside it, in the same minute: nobody is done sooner than that, and on
    /// processors that the server shares with the silos, nobody as soon.
    /// </summary>
    private static async Task Mass(GivenCluster cluster, Findings findings)
    {
        findings.Add(new($"{ClusterBed.Services} services with their endpoints created where nobody serves them, ms"),
            (await Create(cluster, isServed: false)).TotalMilliseconds);
        await cluster.RemoveServices();
        await using var record = new WriteRecord(cluster.Client);
        await record.Begun;
        var began = Stopwatch.GetTimestamp();
        var created = await Create(cluster, isServed: true);
        await Wait.Until($"{ClusterBed.Services} Services show an address", () => record.Shown == ClusterBed.Services, Patience);
        var shown = Stopwatch.GetElapsedTime(began, record.LastShown);
        await Settled(record);
        findings.Add(new($"{ClusterBed.Services} services with their endpoints created where they are served, ms"), created.TotalMilliseconds);
        findings.Add(new($"{ClusterBed.Services} services created at once, all shown, ms", 3000, 15_600), shown.TotalMilliseconds);
        var writes = record.Writes.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => (double)entry.Value / ClusterBed.Services);
        findings.Add(new("API writes for each service", 4), writes.Values.Sum());
        foreach (var (resource, count) in writes) findings.Add(new($"   of them to {resource}"), count);
    }

    private static async Task<TimeSpan> Create(GivenCluster cluster, bool isServed)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, ClusterBed.Services), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) => await cluster.CreateService(number, isServed));
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task Settled(WriteRecord record)
    {
        var (total, since) = (-1L, Stopwatch.GetTimestamp());
        await Wait.Until("nothing is written any more", () =>
        {
            var now = record.Writes.Values.Sum();
            if (now != total) (total, since) = (now, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(since) >= Quiet;
        }, Patience);
    }

    /// <summary>As the server counts them; its own controllers watch each kind as well.</summary>
    private static async Task Watches(string kubeconfig, Findings findings)
    {
        using var kubectl =
            Process.Start(new ProcessStartInfo("kubectl", ["--kubeconfig", kubeconfig, "get", "--raw", "/metrics"]) { RedirectStandardOutput = true })!;
        var metrics = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        if (kubectl.ExitCode != 0) throw new BenchException("the server's metrics cannot be read: the user needs the right to get /metrics.");
        var counts = OpenWatches().Matches(metrics)
            .GroupBy(found => found.Groups["resource"].Value, found => double.Parse(found.Groups["count"].Value, CultureInfo.InvariantCulture));
        foreach (var resource in counts.OrderBy(counted => counted.Key, StringComparer.Ordinal))
            findings.Add(new($"watches on {resource.Key}, the cluster's controllers among them"), resource.Sum());
    }

    [GeneratedRegex("""^apiserver_longrunning_requests\{[^}]*group="orleanslb\.io",resource="(?<resource>[a-z]+)"[^}]*verb="WATCH"[^}]*\} (?<count>\S+)$""", RegexOptions.Multiline)]
    private static partial Regex OpenWatches();
}
