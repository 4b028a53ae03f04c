using System.CommandLine;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb status bgp</c>: every session with what its peer has been told, and what not and why.</summary>
internal static class StatusBgpVerb
{
    private static readonly Option<Uri> Server = RunningService.ServerOption();
    private static readonly Option<bool> Json = RunningService.JsonOption();
    private static readonly Option<string?> Node = new("--node") { Description = "Only this node.", HelpName = "NAME" };
    private static readonly Option<string?> Peer = new("--peer") { Description = "Only this peer.", HelpName = "NAME" };
    private static readonly Option<bool> All = new("--all") { Description = "Print every route, however many there are." };

    public static Command Create()
    {
        var command =
            new Command("bgp", "Shows the BGP sessions, the routes that each peer has been told, and why others were not.") { Server, Json, Node, Peer, All };
        command.Examples("orleanslb status bgp", "orleanslb status bgp --node worker-1 --peer tor --all", "orleanslb status bgp --json");
        command.SetAction(Show);
        return command;
    }

    private static async Task<int> Show(ParseResult parsed, CancellationToken cancellation)
    {
        var server = parsed.GetRequiredValue(Server);
        var body = await RunningService.Get(server, StatusPaths.BgpOf(parsed.GetValue(Node), parsed.GetValue(Peer)), cancellation);
        var bgp = RunningService.Read(server, body, StatusJson.Default.BgpView);
        if (parsed.GetValue(Json)) parsed.InvocationConfiguration.Output.WriteLine(body);
        else BgpText.Write(parsed.InvocationConfiguration.Output, bgp, parsed.GetValue(All));
        return ExitCode.Ok;
    }
}
