using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace OrleansLb.Silo.Verbs;

/// <summary>The command line: its verbs, and what becomes of errors.</summary>
internal static class CommandLine
{
    /// <summary>
    /// After a signal a verb may take this long to end: longer than a leaving node waits for others to take over and for routers to find other ways.
    /// </summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(80);

    public static async Task<int> Run(string[] arguments, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                errors.WriteLine($"orleanslb: {string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
            errors.WriteLine($"orleanslb: '{CommandPath(parsed)} --help' shows how it is used.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(
                new() { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTimeout }, cancellation);
        }
        catch (OperatorException wrong)
        {
            errors.WriteLine($"orleanslb: {wrong.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("orleanslb: stopped.");
            return ExitCode.Failed;
        }
        catch (Exception bug)
        {
            errors.WriteLine($"orleanslb: a fault of the program itself; please report it with what follows.{Environment.NewLine}{bug}");
            return ExitCode.Failed;
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("LoadBalancer Services for Kubernetes on bare metal, and for machines with no Kubernetes at all.")
        {
            RunVerb.Create(), LabVerb.Create(), CheckVerb.Create(), MigrateVerb.Create(), ExplainVerb.Create(), StatusVerb.Create(), MoveVerb.Create(),
            DrainVerb.Create(), DrainVerb.CreateUndrain(), VersionVerb.Create(),
        };
        root.Examples(
            "orleanslb lab                                        the whole story on this machine, with real frames",
            "orleanslb run --interface eth0 --manifests samples/  serve this machine's network",
            "orleanslb check pools.yaml                           is this configuration right?",
            "orleanslb check pools.yaml --kubeconfig              and what would it change in the cluster?",
            "orleanslb explain default/web                        why this address and this node?");
        root.ShowExamplesInHelp();
        root.SetAction(parsed =>
        {
            root.Parse("--help").Invoke(parsed.InvocationConfiguration);
            return ExitCode.Usage;
        });
        return root;
    }

    private static string CommandPath(ParseResult parsed) =>
        string.Join(' ', Names(parsed.CommandResult).Reverse());

    private static IEnumerable<string> Names(CommandResult? command)
    {
        for (; command is not null; command = command.Parent as CommandResult) yield return command.Command is RootCommand ? "orleanslb" : command.Command.Name;
    }
}
