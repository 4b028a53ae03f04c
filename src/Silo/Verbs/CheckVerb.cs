using System.CommandLine;
using System.Text.Json;
using OrleansLb.Silo.Manifests;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb check FILE|DIR…</c>: is this configuration right, in whichever dialect.</summary>
internal static class CheckVerb
{
    private static readonly Argument<string[]> Paths = new("FILE|DIR") { Description = "Manifests, YAML or JSON; of a directory all below it.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Json = RunningService.JsonOption();

    public static Command Create()
    {
        var command = new Command("check", "Checks a configuration in any dialect (ours, MetalLB's, its ConfigMap, OpenELB's): every error with file, line, object and field.") { Paths, Json };
        command.Examples("orleanslb check pools.yaml", "orleanslb check deploy/ samples/", "orleanslb check --json pools.yaml");
        command.SetAction(Check);
        return command;
    }

    private static int Check(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        var result = ConfigurationCheck.Of(parsed.GetRequiredValue(Paths));
        if (parsed.GetValue(Json)) output.WriteLine(JsonSerializer.Serialize(CheckView.Of(result), StatusJson.Default.CheckView));
        else Write(output, result);
        return result.Errors == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Write(TextWriter output, ConfigurationCheck result)
    {
        foreach (var fault in result.Faults) output.WriteLine($"{Place(fault.File, fault.Line)}: error: {fault.Message}");
        foreach (var problem in result.Problems)
        {
            var subject = problem.Object with { File = null };
            var field = problem.Field.Length == 0 ? "" : $"{problem.Field}: ";
            output.WriteLine($"{problem.Object.File}: {problem.Severity.ToString().ToLowerInvariant()}: {subject}: {field}{problem.Message}");
        }
        output.WriteLine($"{Count(result.Objects, "object")} checked: {Count(result.Errors, "error")}, {Count(result.Warnings, "warning")}");
    }

    private static string Place(string file, int line) => line > 0 ? $"{file}:{line}" : file;

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
