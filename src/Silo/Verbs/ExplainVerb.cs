using System.CommandLine;
using OrleansLb.Core;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb explain NAMESPACE/NAME</c>: why a service has this address and this node, or none.</summary>
internal static class ExplainVerb
{
    private static readonly Option<Uri> Server = RunningService.ServerOption();
    private static readonly Option<bool> Json = RunningService.JsonOption();
    private static readonly Argument<ServiceName> Service = ServiceArgument.Create();

    public static Command Create()
    {
        var command = new Command("explain", "Explains a service: why this address, why this node, what was tried.") { Service, Server, Json };
        command.Examples("orleanslb explain default/web");
        command.SetAction(Show);
        return command;
    }

    private static async Task<int> Show(ParseResult parsed, CancellationToken cancellation)
    {
        var server = parsed.GetRequiredValue(Server);
        var service = parsed.GetRequiredValue(Service);
        var body = await RunningService.Get(server, StatusPaths.ExplanationOf(service), cancellation);
        var explanation = RunningService.Read(server, body, StatusJson.Default.ExplanationView);
        if (parsed.GetValue(Json)) parsed.InvocationConfiguration.Output.WriteLine(body);
        else StatusText.Write(parsed.InvocationConfiguration.Output, explanation);
        return ExitCode.Ok;
    }
}
