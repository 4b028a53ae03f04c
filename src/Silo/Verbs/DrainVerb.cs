using System.CommandLine;
using OrleansLb.Core;
using OrleansLb.Silo.Operations;

namespace OrleansLb.Silo.Verbs;

/// <summary>
/// <c>orleanslb drain NODE</c> and <c>orleanslb undrain NODE</c>: a node hands over what it announces and gets nothing else, or is used again.
/// </summary>
internal static class DrainVerb
{
    private static readonly Option<Uri> Server = RunningService.ServerOption();
    private static readonly Option<bool> Json = RunningService.JsonOption();
    private static readonly Argument<string> Node = new("NODE") { Description = "The node." };

    public static Command Create() => Create(
        "drain", "Has other nodes announce what this one does, each before it withdraws. It stays so, over restarts, until the node is undrained.",
        OperationPaths.DrainOf);

    public static Command CreateUndrain() => Create("undrain", "Lets a drained node be used again.", OperationPaths.UndrainOf);

    private static Command Create(string name, string description, Func<NodeName, string> path)
    {
        var command = new Command(name, description) { Node, Server, Json };
        command.Examples($"orleanslb {name} node2");
        command.SetAction((parsed, cancellation) => Operation.Run(parsed, Server, Json, path(new(parsed.GetRequiredValue(Node))), cancellation));
        return command;
    }
}
