using System.CommandLine;
using OrleansLb.Core;
using OrleansLb.Silo.Operations;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb move NAMESPACE/NAME --to NODE</c>: another node announces a service, without a gap.</summary>
internal static class MoveVerb
{
    private static readonly Option<Uri> Server = RunningService.ServerOption();
    private static readonly Option<bool> Json = RunningService.JsonOption();
    private static readonly Argument<ServiceName> Service = ServiceArgument.Create();
    private static readonly Option<string> To = new("--to") { Description = "The node that is to announce the service.", HelpName = "NODE", Required = true };

    public static Command Create()
    {
        var command =
            new Command("move", "Has another node announce a service; the new one announces before the old one withdraws.") { Service, To, Server, Json };
        command.Examples("orleanslb move default/web --to node2");
        command.SetAction((parsed, cancellation) =>
            Operation.Run(parsed, Server, Json, OperationPaths.MoveOf(parsed.GetRequiredValue(Service), new(parsed.GetRequiredValue(To))), cancellation));
        return command;
    }
}
