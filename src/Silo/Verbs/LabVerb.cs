using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Processes;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb lab</c>: the main job on one machine, told step by step.</summary>
internal static class LabVerb
{
    private const int DefaultNodes = 3;

    private const int DefaultRounds = 10;

    /// <summary>Lines of the log that a story which does not come out is told with.</summary>
    private const int LinesKept = 1500;

    private static readonly Option<string?> Scenario = ScenarioOption();
    private static readonly Option<bool> List = new("--list") { Description = "List the scenarios." };
    private static readonly Option<int> Nodes = NodesOption();
    private static readonly Option<RouterKind> Router = new("--router")
    {
        Description = "Which routing daemon runs on the router, in the scenarios that have one.", HelpName = "bird|frr|gobgp|openbgpd",
        DefaultValueFactory = _ => RouterKind.Bird,
    };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave it running at the end, with the kubectl line to use, until Ctrl-C." };
    private static readonly Option<bool> Processes =
        new("--processes") {
            Description =
                "Run a process of the service on each node, as a cluster does, and show every way in which one can fail (needs root, and the product build)." };
    private static readonly Option<int> Rounds = RoundsOption();
    private static readonly Option<int?> Seed =
        new("--seed") { Description = "What the choices of the scenario kill-loop follow from, as an earlier run told it.", HelpName = "N" };
    private static readonly Option<string?> Logs =
        new("--logs") { Description = "With --processes: a folder in which all that the nodes' processes log is kept, a file for each node.",
            HelpName = "FOLDER" };
    private static readonly Option<bool> Json =
        new("--json") { Description = "Print the results as one JSON object on standard output, and the story on standard error." };
    private static readonly Option<bool> Memory = new("--memory") { Description = "Use the in-memory segment, even where network namespaces can be made." };
    private static readonly Option<IPEndPoint> Http = Options.Http("127.0.0.1:0", "Where the embedded API listens; port 0 takes a free one.");
    private static readonly Option<LogLevel?> Level = Options.LogLevel();
    private static readonly Option<bool> Verbose = Options.Verbose();
    private static readonly Option<string> Format = Options.LogFormat();

    public static Command Create()
    {
        var command = new Command("lab", "Shows the main job on this machine: nodes, a client and a bridge made of network namespaces, real frames, a node "
            + "killed and its addresses taken over.")
        {
            Scenario, List, Nodes, Router, Processes, Rounds, Seed, Logs, Keep, Json, Memory, Http, Level, Verbose, Format,
        };
        command.Examples("orleanslb lab", "orleanslb lab --scenario can-reach", "orleanslb lab --scenario bgp --router frr",
            "orleanslb lab --processes --nodes 4", "orleanslb lab --processes --scenario routers --router frr",
            "orleanslb lab --processes --scenario kill-loop --rounds 20", "orleanslb lab --keep --http 127.0.0.1:8480",
            "orleanslb lab --json 2>/dev/null");
        command.Validators.Add(FitsScenario);
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (parsed.GetValue(List))
        {
            var inProcess = Lab.Story.Scenario.All.Select(scenario => (IReadOnlyList<string>)[scenario.Name, scenario.Summary]);
            TextTable.Write(output, ["SCENARIO", "WHAT HAPPENS"],
                inProcess.Concat(ProcessScenario.All.Select(scenario => (IReadOnlyList<string>)[scenario.Name, $"with --processes: {scenario.Summary}"])));
            return ExitCode.Ok;
        }
        var json = parsed.GetValue(Json);
        var narrator = new Narrator(json ? errors : output, json ? !Console.IsErrorRedirected : !Console.IsOutputRedirected);
        if (parsed.GetValue(Processes)) return await RunProcesses(parsed, narrator, json, output, cancellation);
        var run = new LabRun(SettingsOf(parsed), narrator, TimeProvider.System);
        var report = await run.Play(cancellation);
        if (json) output.WriteLine(JsonSerializer.Serialize(report, LabJson.Default.LabReport));
        return report.Ok ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> RunProcesses(ParseResult parsed, Narrator narrator, bool json, TextWriter output, CancellationToken cancellation)
    {
        var scenario = ProcessScenario.All.Single(known => known.Name == (parsed.GetValue(Scenario) ?? ProcessScenario.All[0].Name));
        var lab = new ProcessLab(scenario, LabPlan.Of(parsed.GetRequiredValue(Nodes)),
            new(parsed.GetRequiredValue(Rounds), parsed.GetValue(Seed), parsed.GetValue(Logs), parsed.GetRequiredValue(Http), parsed.GetValue(Router)),
            narrator, TimeProvider.System);
        var report = await lab.Play(cancellation);
        if (json) output.WriteLine(JsonSerializer.Serialize(report, ProcessJson.Default.ProcessReport));
        return report.Ok ? ExitCode.Ok : ExitCode.Failed;
    }

    private static LabSettings SettingsOf(ParseResult parsed) => new(
        Lab.Story.Scenario.All.Single(scenario => scenario.Name == (parsed.GetValue(Scenario) ?? Lab.Story.Scenario.All[0].Name)),
        LabPlan.Of(parsed.GetRequiredValue(Nodes)),
        parsed.GetValue(Router),
        parsed.GetValue(Memory),
        parsed.GetValue(Keep),
        parsed.GetRequiredValue(Http),
        Options.Log(parsed.GetValue(Level), parsed.GetValue(Verbose), parsed.GetValue(Format), LogLevel.Error) with
        {
            Recent = new(LinesKept, TimeProvider.System),
        });

    private static Option<string?> ScenarioOption()
    {
        var option = new Option<string?>("--scenario",
            "-s") { Description = $"Which story; --list tells them. Usually '{Lab.Story.Scenario.All[0].Name}', and with --processes "
                + $"'{ProcessScenario.All[0].Name}'.", HelpName = "NAME" };
        option.AcceptOnlyFromAmong([.. Lab.Story.Scenario.All.Select(scenario => scenario.Name), .. ProcessScenario.All.Select(scenario => scenario.Name)]);
        return option;
    }

    /// <summary>Some stories need processes, the others have none.</summary>
    private static void FitsScenario(CommandResult result)
    {
        if (result.GetValue(Processes) && result.GetResult(Router)?.Implicit == false && !LabRouter.CanForward(result.GetValue(Router)))
            result.AddError(
                "--router: with --processes the clients' packets go through the router, and this one keeps its routes to itself. Give bird or frr.");
        if (result.GetResult(Scenario)?.Tokens is not [{ Value: var name }]) return;
        var needs = ProcessScenario.All.Any(scenario => scenario.Name == name);
        if (needs && !result.GetValue(Processes)) result.AddError($"--scenario {name} needs --processes.");
        if (!needs && result.GetValue(Processes))
            result.AddError($"--scenario {name} is not for --processes, which has {string.Join(", ", ProcessScenario.All.Select(scenario => scenario.Name))}.");
    }

    private static Option<int> RoundsOption()
    {
        var option = new Option<int>("--rounds") { Description = "How many rounds the scenario kill-loop has.", HelpName = "N",
            DefaultValueFactory = _ => DefaultRounds };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var rounds) && rounds < 1)
                result.AddError($"--rounds: {rounds} does not do; give 1 or more.");
        });
        return option;
    }

    private static Option<int> NodesOption()
    {
        var option = new Option<int>("--nodes") { Description = "How many nodes.", HelpName = "N", DefaultValueFactory = _ => DefaultNodes };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var nodes) && nodes is < 2 or > LabPlan.MaxNodes)
                result.AddError($"--nodes: {nodes} does not do; give 2 to {LabPlan.MaxNodes}.");
        });
        return option;
    }
}
