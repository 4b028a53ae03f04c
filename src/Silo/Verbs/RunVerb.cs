using System.CommandLine;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Verbs;

/// <summary><c>orleanslb run</c>: this node's service.</summary>
internal static partial class RunVerb
{
    private const string EmbeddedApi = "embedded";
    private const string KubeconfigApi = "kubeconfig";
    private const string InClusterApi = "in-cluster";
    private const string PacketLink = "packet";
    private const string PcapLink = "pcap";
    private const string MemoryLink = "memory";

    private static readonly Option<string> Api =
        Choice("--api", "Which Kubernetes API: 'embedded' comes with the service; the others are a cluster's.", EmbeddedApi, KubeconfigApi, InClusterApi);
    private static readonly Option<string> Kubeconfig =
        new("--kubeconfig") { Description = "The kubeconfig of the cluster to serve (means --api kubeconfig).", HelpName = "FILE" };
    private static readonly Option<bool> InCluster = new("--in-cluster") { Description = "Serve the cluster that this pod runs in (means --api in-cluster)." };
    private static readonly Option<string[]> ManifestPaths =
        new("--manifests", "-f") { Description = "Manifests to apply to the embedded API at start: a file or a directory. Repeatable.", HelpName = "PATH" };
    private static readonly Option<string> Data =
        new("--data") { Description = "Where the embedded API keeps its objects.", HelpName = "DIR", DefaultValueFactory = _ => StateFolder.Default };
    private static readonly Option<string> Node = NodeOption();
    private static readonly Option<string[]> Interfaces =
        new("--interface", "-i") { Description = "An interface to answer on. Repeatable; without it, every one that can be used.", HelpName = "NAME" };
    private static readonly Option<string[]> ExcludedInterfaces =
        new("--exclude-interface") {
            Description = "An interface not to answer on, by name or by a regular expression between slashes, such as /docker.*/. Repeatable.",
            HelpName = "NAME" };
    private static readonly Option<bool> NoPing = new("--no-ping") { Description = "Leave pings of announced addresses unanswered." };
    private static readonly Option<int> AnnounceEvery =
        new("--announce-every") {
            Description =
                "Announce each address again so often, against switches that forget stations sooner than hosts forget addresses; 0: only after a change.",
                    HelpName = "SECONDS", DefaultValueFactory = _ => 240 };
    private static readonly Option<string> Link = LinkOption();
    private static readonly Option<IPEndPoint> Http =
        Options.Http("127.0.0.1:8480", "Where the embedded API, /healthz, /readyz, /metrics and the status page are served.");
    private static readonly Option<LogLevel?> Level = Options.LogLevel();
    private static readonly Option<bool> Verbose = Options.Verbose();
    private static readonly Option<string> Format = Options.LogFormat();

    public static Command Create()
    {
        var command = new Command("run", "Runs this node's service until it is stopped; then its addresses are handed over and withdrawn.")
        {
            Api, Kubeconfig, InCluster, ManifestPaths, Data, Node, Interfaces, ExcludedInterfaces, NoPing, AnnounceEvery, Link, Http, Level, Verbose, Format,
        };
        ClusterOptions.AddTo(command);
        RuleOptions.AddTo(command);
        command.Examples(
            "orleanslb run --interface eth0 --manifests samples/     serve this machine's network from the embedded API",
            "kubectl --server http://127.0.0.1:8480 get services     and look at it",
            "orleanslb run --kubeconfig ~/.kube/config --node worker1 --interface eth0");
        command.Validators.Add(result =>
        {
            foreach (var pattern in (result.GetValue(ExcludedInterfaces) ?? [])
                .Where(text => text is ['/', .. { Length: > 0 }, '/'] && !IsPattern(text[1..^1])))
            {
                result.AddError($"--exclude-interface: '{pattern[1..^1]}' is not a regular expression.");
            }
            if (result.GetValue(AnnounceEvery) < 0) result.AddError("--announce-every: seconds, or 0 for never.");
            var clusters = new[] { result.GetResult(Kubeconfig) is not null, result.GetValue(InCluster) }.Count(given => given);
            if (clusters == 0 && result.GetValue(Api) is null or EmbeddedApi) ClusterOptions.RefuseEmbedded(result);
            if (clusters > 1) result.AddError("--kubeconfig and --in-cluster exclude each other.");
            if (result.GetResult(ManifestPaths) is { Implicit: false } && (clusters > 0 || result.GetValue(Api) is not (null or EmbeddedApi)))
                result.AddError("--manifests is for the embedded API; apply them to a cluster with kubectl.");
        });
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var links = LinkageOf(parsed.GetValue(Link));
        var node = links.Node(new NodeName(parsed.GetRequiredValue(Node)), parsed.GetValue(Interfaces) ?? []) with
        {
            ExcludedInterfaces = (parsed.GetValue(ExcludedInterfaces) ?? []).Select(Excluded).ToEquatableList(),
            AnswerPings = !parsed.GetValue(NoPing),
            AnnounceEvery = parsed.GetValue(AnnounceEvery) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var api = ApiOf(parsed);
        var settings = new ServiceSettings(
            api,
            parsed.GetRequiredValue(Http),
            [node],
            Options.Log(parsed.GetValue(Level), parsed.GetValue(Verbose), parsed.GetValue(Format), LogLevel.Information),
            ClusterOptions.Of(parsed, api, node))
        {
            ClusterId = ClusterOptions.IdOf(parsed),
            Rules = RuleOptions.Of(parsed),
        };
        var manifests = ManifestFiles.Read(parsed.GetValue(ManifestPaths) ?? []);
        while (await Serve(settings, manifests, parsed.InvocationConfiguration, cancellation) is { } doomed) settings = doomed;
        return ExitCode.Ok;
    }

    /// <summary>Serves until it is stopped: then null. Or until the cluster has declared it dead: then with what it is to start anew.</summary>
    private static async Task<ServiceSettings?> Serve(ServiceSettings settings, ManifestSet manifests, InvocationConfiguration console,
        CancellationToken cancellation)
    {
        await using var service = await ServiceHost.Start(settings, cancellation);
        using (var api = service.ConnectWithin()) await manifests.ApplyTo(api, console.Error, cancellation);
        console.Output.WriteLine($"orleanslb serves node {settings.Nodes[0].Name}: {service.Address} (status page, /readyz, /metrics)");
        if (settings.Api is ApiSource.Embedded)
            console.Output.WriteLine(
                $"kubectl --server {service.Address.GetLeftPart(UriPartial.Authority)} get services,addresspools,addressclaims,nodes,events");
        await Task.WhenAny(service.Doomed, cancellation.WhenCancelled(CancellationToken.None));
        console.Output.WriteLine(cancellation.IsCancellationRequested
            ? "stopping: handing addresses over, then withdrawing them"
            : $"starting anew: {await service.Doomed}");
        return cancellation.IsCancellationRequested ? null : settings with { Http = new IPEndPoint(settings.Http.Address, service.Address.Port) };
    }

    private static bool IsPattern(string expression)
    {
        try
        {
            _ = new Regex(expression);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static InterfaceSelector Excluded(string text) =>
        text is ['/', .. { Length: > 0 } expression, '/'] ? new InterfaceSelector.Pattern(expression) : new InterfaceSelector.Named(text);

    private static NodeLinkage LinkageOf(string? link) => link switch
    {
        MemoryLink => NodeLinkage.InMemory(),
        PcapLink => NodeLinkage.ByCapture(),
        _ => NodeLinkage.ByPacketSockets(),
    };

    private static ApiSource ApiOf(ParseResult parsed) =>
        parsed.GetValue(InCluster) || parsed.GetValue(Api) == InClusterApi ? new ApiSource.InCluster()
        : parsed.GetValue(Kubeconfig) is { } file ? new ApiSource.Kubeconfig(file)
        : parsed.GetValue(Api) == KubeconfigApi ? new ApiSource.Kubeconfig(null)
        : new ApiSource.Embedded(parsed.GetRequiredValue(Data));

    private static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => choices[0] };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }

    private static Option<string> LinkOption()
    {
        string[] kinds = OperatingSystem.IsWindows() ? [PcapLink, PacketLink, MemoryLink] : [PacketLink, PcapLink, MemoryLink];
        return Choice("--link", "How frames are read and sent: by packet sockets (Linux), by libpcap or on Windows Npcap (pcap), or on a segment in memory "
            + "that nobody else sees (to try it out without rights).", kinds);
    }

    private static Option<string> NodeOption()
    {
        var option = new Option<string>("--node") { Description = "This node's name, as Kubernetes has it.", HelpName = "NAME",
            DefaultValueFactory = _ => Environment.MachineName.ToLowerInvariant() };
        option.Validators.Add(result =>
        {
            var name = result.GetValue(option);
            if (name is null || !NodeNamePattern().IsMatch(name))
                result.AddError(
                    $"--node: '{name}' is no node name; it has lower-case letters, digits, '-' and '.', and begins and ends with a letter or digit.");
        });
        return option;
    }

    /// <summary>A DNS-1123 subdomain, as Kubernetes wants names of nodes to be.</summary>
    [GeneratedRegex(@"\A(?=.{1,253}\z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex NodeNamePattern();
}
