using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Bench.Bgp;

/// <summary>Our speaker in a process of its own, which this program is too: it takes one command a line.</summary>
internal sealed class OurSender(string networkNamespace, int routes) : IBgpSender
{
    /// <summary>The word on the command line that makes this program the sender.</summary>
    public const string Verb = "bgp-sender";

    private static readonly NodeName Node = new("node");
    private Process? _process;

    public string Name => "OrleansLb";

    public IReadOnlyList<int> Processes => _process is { } process ? [process.Id] : [];

    public Task Start()
    {
        var program = Environment.ProcessPath!; // the program itself, or "dotnet" that was given the assembly
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(OurSender).Assembly.Location] : [];
        var start =
            new ProcessStartInfo(program, [.. assembly, Verb, networkNamespace, $"{routes}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        return Task.CompletedTask;
    }

    public Task AnnounceMany() => Say("announce many");

    public Task WithdrawMany() => Say("withdraw many");

    public Task AnnounceOne() => Say("announce one");

    public Task WithdrawOne() => Say("withdraw one");

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>What the sender's process does until its input ends.</summary>
    public static async Task Serve(string networkNamespace, int routes)
    {
        await using var speaker =
            new BgpSpeaker(new() { Node = Node }, new NetworkNamespace(networkNamespace), TimeProvider.System, NullLogger<BgpSpeaker>.Instance);
        await speaker.Apply(Change(null, 1, new BgpStep([Receiver], RouteChange.Nothing, false, true)));
        var many = SenderRoutes.Many(routes).Select(Prefix.Parse).ToArray();
        Prefix[] one = [Prefix.Parse(SenderRoutes.One)];
        for (var version = 2; Console.ReadLine() is { } line; version++)
        {
            var prefixes = line.EndsWith("many", StringComparison.Ordinal) ? many : one;
            var change = line.StartsWith("announce", StringComparison.Ordinal)
                ? new RouteChange(prefixes.Select(Announced).ToEquatableList(), [])
                : new RouteChange([], prefixes.ToEquatableList());
            await speaker.Apply(Change(version - 1, version, new BgpStep(null, change, false, true)));
        }
    }

    private static BgpPeer Receiver =>
        new(new("orleanslb.io/v1alpha1", "BGPPeer", "", "receiver"), default, "receiver", 64500, new RemoteAs.Number(64501), Address.Parse("192.0.2.2"), null,
            [])
    {
        ConnectRetryTime = TimeSpan.FromSeconds(1),
    };

    private static PrefixRoute Announced(Prefix prefix) => new(prefix, [new RouteTerm("all", [], new RouteAttributes(null, null, [], null))]);

    private static PlanChange Change(long? from, long version, BgpStep step) => new(Node, from, version, [], [], null, step);

    private async Task Say(string line)
    {
        await _process!.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }
}
