using System.CommandLine;
using System.Text.Json;
using OrleansLb.Silo.Manifests;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary>
/// <c>orleanslb check FILE|DIR…</c>: is this configuration right, in whichever dialect; and with a cluster to hold it against, whom it would touch.
/// </summary>
internal static class CheckVerb
{
    private static readonly Argument<string[]> Paths =
        new("FILE|DIR") { Description = "Manifests, YAML or JSON; of a directory all below it.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Json = RunningService.JsonOption();

    private static readonly Option<string[]> Against = new("--against")
    {
        Description =
            "The cluster as files: what 'kubectl get -o yaml' wrote of services, nodes and configuration. Says which services would lose or change their "
                + "address or announcer. Repeatable.",
        HelpName = "FILE|DIR",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Kubeconfig = new("--kubeconfig")
    {
        Description = "The same, read from the cluster of this kubeconfig; without FILE, kubectl's own.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Prune =
        new("--prune") { Description = "Configuration of the cluster that the files lack is to be deleted; without this it stays." };

    public static Command Create()
    {
        var command = new Command("check",
            "Checks a configuration in any dialect (ours, MetalLB's, its ConfigMap, OpenELB's): every error with file, line, object and field.")
        {
            Paths, Against, Kubeconfig, Prune, Json,
        };
        RuleOptions.AddTo(command);
        command.Examples(
            "orleanslb check pools.yaml",
            "orleanslb check deploy/ samples/",
            "orleanslb check --json pools.yaml",
            "orleanslb check new-pools.yaml --against cluster.yaml    exit code 1 if a service would notice",
            "orleanslb check new-pools.yaml --kubeconfig ~/.kube/config",
            "orleanslb check new-pools.yaml --kubeconfig ~/.kube/config --default-class false --lb-class example.com/edge    as run is told");
        command.Validators.Add(result =>
        {
            if (result.GetResult(Against) is { Implicit: false } && result.GetResult(Kubeconfig) is not { Implicit: false }
                && result.GetValue(Against) is not { Length: > 0 })
            {
                result.AddError("--against: name files that were written from the cluster, or give --kubeconfig.");
            }
            if (result.GetResult(Kubeconfig) is { Implicit: false } && result.GetValue(Against) is { Length: > 0 })
                result.AddError("--against FILE and --kubeconfig exclude each other.");
            if (result.GetValue(Prune) && SourceOf(result) is null) result.AddError("--prune is about a cluster: give --against or --kubeconfig too.");
        });
        command.SetAction(Check);
        return command;
    }

    private static async Task<int> Check(ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.InvocationConfiguration.Output;
        var rules = RuleOptions.Of(parsed);
        var result = ConfigurationCheck.Of(parsed.GetRequiredValue(Paths), rules);
        var forecast = SourceOf(parsed.CommandResult) is { } source
            ? await WhatIf.Of(result.Sources, await source.Read(cancellation), parsed.GetValue(Prune), rules)
            : null;
        if (parsed.GetValue(Json)) output.WriteLine(JsonSerializer.Serialize(CheckView.Of(result, forecast), StatusJson.Default.CheckView));
        else Write(output, result, forecast);
        return result.Errors == 0 && forecast is not { IsHarmless: false } ? ExitCode.Ok : ExitCode.Failed;
    }

    private static ClusterSource? SourceOf(System.CommandLine.Parsing.SymbolResult result)
    {
        if (result.GetResult(Kubeconfig) is { Implicit: false }) return new ClusterSource.Cluster(result.GetValue(Kubeconfig) ?? "");
        return result.GetValue(Against) is { Length: > 0 } files ? new ClusterSource.Files(files) : null;
    }

    private static void Write(TextWriter output, ConfigurationCheck result, WhatIf? forecast)
    {
        foreach (var fault in result.Faults) output.WriteLine($"{Place(fault.File, fault.Line)}: error: {fault.Message}");
        foreach (var problem in result.Problems)
        {
            var subject = problem.Object with { File = null };
            var field = problem.Field.Length == 0 ? "" : $"{problem.Field}: ";
            output.WriteLine($"{problem.Object.File}: {problem.Severity.ToString().ToLowerInvariant()}: {subject}: {field}{problem.Message}");
        }
        output.WriteLine($"{Count(result.Objects, "object")} checked: {Count(result.Errors, "error")}, {Count(result.Warnings, "warning")}");
        if (forecast is not null) ForecastText.Write(output, forecast);
    }

    private static string Place(string file, int line) => line > 0 ? $"{file}:{line}" : file;

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
