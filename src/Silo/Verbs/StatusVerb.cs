using System.CommandLine;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb status</c>: what the running service does.</summary>
internal static class StatusVerb
{
    private static readonly Option<Uri> Server = RunningService.ServerOption();
    private static readonly Option<bool> Json = RunningService.JsonOption();

    public static Command Create()
    {
        var command = new Command("status", "Shows services, addresses, announcers, pools, nodes, BGP sessions and problems of the running service.") { Server,
            Json, StatusBgpVerb.Create() };
        command.Examples("orleanslb status", "orleanslb status --json --server http://10.0.0.11:8480", "orleanslb status bgp");
        command.SetAction(Show);
        return command;
    }

    private static async Task<int> Show(ParseResult parsed, CancellationToken cancellation)
    {
        var server = parsed.GetRequiredValue(Server);
        var body = await RunningService.Get(server, StatusPaths.Status, cancellation);
        var status = RunningService.Read(server, body, StatusJson.Default.StatusView);
        if (parsed.GetValue(Json)) parsed.InvocationConfiguration.Output.WriteLine(body);
        else StatusText.Write(parsed.InvocationConfiguration.Output, status);
        return ExitCode.Ok;
    }
}
