using System.CommandLine;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary>Tells the running service to do something, and prints what became of it.</summary>
internal static class Operation
{
    public static async Task<int> Run(ParseResult parsed, Option<Uri> serverOption, Option<bool> jsonOption, string path, CancellationToken cancellation)
    {
        var server = parsed.GetRequiredValue(serverOption);
        var body = await RunningService.Post(server, path, cancellation);
        var outcome = RunningService.Read(server, body, StatusJson.Default.OperationView);
        parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(jsonOption) ? body : outcome.Message);
        return ExitCode.Ok;
    }
}
