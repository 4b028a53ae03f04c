using System.CommandLine;
using System.Text.Json;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Silo.Manifests;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Verbs;

/// <summary>
/// <c>orleanslb migrate --from metallb|openelb</c>: what is read of another load balancer, what each service has and
/// keeps, and the same configuration in our form.
/// </summary>
internal static class MigrateVerb
{
    private const string MetalLb = "metallb", OpenElb = "openelb";
    private const string Text = "text", Yaml = "yaml", Json = "json";

    private static readonly Argument<string[]> Paths =
        new("FILE|DIR") { Description = "What 'kubectl get -o yaml' wrote of its configuration and of services.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string> From = Choice(new("--from") { Description = "The load balancer that is there.", Required = true }, MetalLb, OpenElb);

    private static readonly Option<string> Kubeconfig = new("--kubeconfig")
    {
        Description = "Read from the cluster of this kubeconfig instead; without FILE, kubectl's own.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Output = Choice(
        new("--output", "-o") { Description = "text tells; yaml is the same configuration in our form, for kubectl; json is for scripts.",
            DefaultValueFactory = _ => Text }, Text, Yaml, Json);

    public static Command Create()
    {
        var command = new Command("migrate",
            "Shows what is read of MetalLB or OpenELB, what each service has and will keep, and the same configuration in our form. Changes nothing.")
        {
            Paths, From, Kubeconfig, Output,
        };
        RuleOptions.AddTo(command);
        command.Examples(
            "orleanslb migrate --from metallb --kubeconfig ~/.kube/config",
            "orleanslb migrate --from openelb cluster.yaml",
            "orleanslb migrate --from metallb cluster.yaml --output yaml > pools.yaml");
        command.Validators.Add(result =>
        {
            var isCluster = result.GetResult(Kubeconfig) is { Implicit: false };
            if (isCluster == (result.GetValue(Paths) is { Length: > 0 })) result.AddError("name the files to read, or give --kubeconfig.");
        });
        command.SetAction(Show);
        return command;
    }

    private static async Task<int> Show(ParseResult parsed, CancellationToken cancellation)
    {
        ClusterSource source = parsed.GetResult(Kubeconfig) is { Implicit: false }
            ? new ClusterSource.Cluster(parsed.GetValue(Kubeconfig) ?? "")
            : new ClusterSource.Files(parsed.GetRequiredValue(Paths));
        var migration =
            await Migration.Of(parsed.GetValue(From) == OpenElb ? Rival.OpenElb : Rival.MetalLb, await source.Read(cancellation), RuleOptions.Of(parsed));
        Write(parsed, migration);
        return migration.IsSafe ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Write(ParseResult parsed, Migration migration)
    {
        var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        switch (parsed.GetValue(Output))
        {
            case Yaml:
                foreach (var problem in migration.Problems) errors.WriteLine($"orleanslb: {Said(problem)}");
                output.Write(migration.ToYaml());
                break;
            case Json:
                output.WriteLine(JsonSerializer.Serialize(MigrationView.Of(migration), StatusJson.Default.MigrationView));
                break;
            default:
                Write(output, migration);
                break;
        }
    }

    private static void Write(TextWriter output, Migration migration)
    {
        output.WriteLine($"READ ({migration.Objects.Count} configuration objects)");
        TextTable.Write(output, ["OBJECT", "DECLARES"],
            migration.Objects.Select(source => (IReadOnlyList<string>)[(source with { File = null }).ToString(), Declared(migration, source)]));
        foreach (var problem in migration.Problems) output.WriteLine(Said(problem));
        output.WriteLine();
        output.WriteLine($"SERVICES ({migration.Services.Count})");
        TextTable.Write(output, ["SERVICE", "HAS", "WILL"], migration.Services.Select(Row));
        foreach (var service in migration.Others)
            output.WriteLine($"{service}: is of no loadBalancerClass that is served (--lb-class, --default-class) and stays unserved; a class cannot be "
                + "changed, so the service has to be made anew, or its class be served.");
        var kept = migration.Services.Count(service => service.Addresses == AddressOutlook.Kept);
        output.WriteLine($"{kept} of {migration.Services.Count(service => service.Has.Count > 0)} services that have an address keep it.");
    }

    private static IReadOnlyList<string> Row(ServiceOutlook service) =>
        [service.Service.ToString(), service.Has.Count == 0 ? "-" : string.Join(", ", service.Has), ForecastText.Describe(service)];

    private static string Declared(Migration migration, ObjectReference source)
    {
        var parts = migration.Declarations.Where(declaration => declaration.Source == source).GroupBy(declaration => declaration switch
        {
            AddressPool => "pool",
            Layer2Advertisement => "layer 2 advertisement",
            BgpAdvertisement => "BGP advertisement",
            BgpPeer => "BGP peer",
            BfdProfile => "BFD profile",
            _ => "community",
        });
        return string.Join(", ", parts.Select(part => part.Count() == 1 ? part.Key : $"{part.Count()} times {part.Key}")) is { Length: > 0 } text ? text : "-";
    }

    private static string Said(Problem problem) => $"{problem.Severity.ToString().ToLowerInvariant()}: {problem}";

    private static Option<string> Choice(Option<string> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
