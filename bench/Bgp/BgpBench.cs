using System.Diagnostics;
using System.Globalization;

namespace OrleansLb.Bench.Bgp;

/// <summary>
/// Four speakers announce the same routes, one after the other and over one veth pair, to a BIRD that counts them: from process start to Established,
/// 10,000 routes announced and withdrawn, one route announced, memory with and without them; ours and BIRD's 100,000 as well.
/// </summary>
internal static class BgpBench
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int Routes = 10_000, ManyRoutes = 100_000, Repetitions = 9;

    public static async Task<BenchResult> Run()
    {
        using var pair = new VethPair();
        var folder = Directory.CreateTempSubdirectory("olb-bench-").FullName;
        try
        {
            await using var receiver = new BirdControl(pair.Client.Name, folder, "receiver", """
                router id 192.0.2.2;
                protocol device { }
                protocol bgp sender { local 192.0.2.2 as 64501; neighbor 192.0.2.1 as 64500; passive; error wait time 1, 2; ipv4 { import all; export none; }; }
                """);
            await receiver.Connect();
            var ours = await Measure(new OurSender(pair.Node.Name, Routes), receiver, Routes);
            var bird = await Measure(new BirdSender(pair.Node.Name, folder, Routes), receiver, Routes);
            var gobgp = await Measure(new GoBgpSender(pair.Node.Name, folder, Routes), receiver, Routes);
            var frr = await Measure(new FrrSender(pair.Node.Name, folder, Routes), receiver, Routes);
            var large = await Measure(new OurSender(pair.Node.Name, ManyRoutes), receiver, ManyRoutes);
            var largeBird = await Measure(new BirdSender(pair.Node.Name, folder, ManyRoutes), receiver, ManyRoutes);
            var measured =
                ours with { Figures = new Dictionary<string, double>(ours.Figures) { ["allocatedPerRoute"] = UpdateAllocation.BytesPerRoute(Routes) } };
            return new("bgp", [measured, bird, gobgp, frr, large with { Name = "OrleansLb, 100000" }, largeBird with { Name = "BIRD, 100000" }],
                Ratios(ours, bird, gobgp, frr, large, largeBird));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, double> Ratios(BenchRow ours, BenchRow bird, BenchRow gobgp, BenchRow frr, BenchRow large, BenchRow largeBird) => new()
    {
        ["announceVsBird"] = Of(ours, "announceMs") / Of(bird, "announceMs"),
        ["withdrawVsBird"] = Of(ours, "withdrawMs") / Of(bird, "withdrawMs"),
        ["announceGoBgpVsOurs"] = Of(gobgp, "announceMs") / Of(ours, "announceMs"),
        ["announceFrrVsOurs"] = Of(frr, "announceMs") / Of(ours, "announceMs"),
        ["withdrawGoBgpVsOurs"] = Of(gobgp, "withdrawMs") / Of(ours, "withdrawMs"),
        ["withdrawFrrVsOurs"] = Of(frr, "withdrawMs") / Of(ours, "withdrawMs"),
        ["announceVsBird100000"] = Of(large, "announceMs") / Of(largeBird, "announceMs"),
        ["announce100000Vs10000"] = Of(large, "announceMs") / Of(ours, "announceMs"),
        ["withdraw100000Vs10000"] = Of(large, "withdrawMs") / Of(ours, "withdrawMs"),
        ["memory100000Vs10000"] = Growth(large) / Growth(ours),
    };

    private static double Growth(BenchRow row) => Of(row, "loadedMiB") - Of(row, "idleMiB");

    private static double Of(BenchRow row, string figure) => row.Figures[figure];

    private static async Task<BenchRow> Measure(IBgpSender sender, BirdControl receiver, int routes)
    {
        await using var _ = sender;
        await Until(receiver, "show protocols sender", answer => !answer.Contains("Established", StringComparison.Ordinal));
        var started = Stopwatch.GetTimestamp();
        await sender.Start();
        await Until(receiver, "show protocols sender", answer => answer.Contains("Established", StringComparison.Ordinal));
        var established = Stopwatch.GetElapsedTime(started);
        var idle = ResidentMiB(sender);
        var loaded = 0.0;
        List<double> announce = [], withdraw = [], one = [];
        for (var i = 0; i < Repetitions; i++)
        {
            announce.Add(await Time(sender.AnnounceMany, receiver, routes));
            loaded = Math.Max(loaded, ResidentMiB(sender));
            withdraw.Add(await Time(sender.WithdrawMany, receiver, 0));
            one.Add(await Time(sender.AnnounceOne, receiver, 1));
            await Time(sender.WithdrawOne, receiver, 0);
        }

        return new(sender.Name, new Dictionary<string, double>
        {
            ["establishedS"] = Math.Round(established.TotalSeconds, 2),
            ["announceMs"] = Median(announce),
            ["firstAnnounceMs"] = Math.Round(announce[0], 2),
            ["withdrawMs"] = Median(withdraw),
            ["oneRouteMs"] = Median(one),
            ["idleMiB"] = Math.Round(idle, 1),
            ["loadedMiB"] = Math.Round(loaded, 1),
        });
    }

    /// <summary>What the kernel keeps in memory for it (VmRSS).</summary>
    private static double ResidentMiB(IBgpSender sender) => sender.Processes.Sum(process =>
        double.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);

    private static async Task<double> Time(Func<Task> change, BirdControl receiver, int routes)
    {
        var started = Stopwatch.GetTimestamp();
        await change();
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{routes} of {routes} routes for {routes} networks");
        await Until(receiver, "show route count table master4", answer => answer.Contains(wanted, StringComparison.Ordinal));
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task Until(BirdControl receiver, string question, Func<string, bool> right)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await receiver.Ask(question);
        while (!right(answer))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new BenchException($"After {Patience.TotalSeconds} s the receiver still answers to '{question}': {answer}");
            await Task.Delay(1);
            answer = await receiver.Ask(question);
        }
    }

    private static double Median(List<double> values) => Math.Round(values.Order().ElementAt(values.Count / 2), 2);
}
