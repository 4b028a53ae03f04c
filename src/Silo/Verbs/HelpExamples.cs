using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace OrleansLb.Silo.Verbs;

/// <summary>Examples at the end of a command's help.</summary>
internal static class HelpExamples
{
    private static readonly ConditionalWeakTable<Command, string[]> Known = [];

    public static void Examples(this Command command, params string[] lines) => Known.Add(command, lines);

    public static void ShowExamplesInHelp(this RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = usual.Invoke(parseResult);
            if (!Known.TryGetValue(parseResult.CommandResult.Command, out var lines)) return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines) output.WriteLine($"  {line}");
            output.WriteLine();
            return code;
        }
    }
}
