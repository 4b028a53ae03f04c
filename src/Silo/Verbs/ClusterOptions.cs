using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using OrleansLb.Core.Addressing;
using OrleansLb.Kubernetes.Membership;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Verbs;

/// <summary>The options of <c>run</c> that say which other nodes' processes this one works with.</summary>
internal static class ClusterOptions
{
    private const string Kubernetes = "kubernetes";
    private const string Single = "single";
    private const int UsualPort = 8481;

    private static readonly Option<string?> Cluster = Choice();
    private static readonly Option<string> Id = Text("--cluster-id", "Which cluster: processes of other ids are strangers.", "ID", ClusterSettings.UsualId);
    private static readonly Option<IPAddress?> Address = new("--silo-address")
    {
        Description =
            "Where the other nodes' processes reach this one; without it the pod's own address ($POD_IP), or the first of the interfaces that are used.",
        HelpName = "ADDRESS",
        CustomParser = ParseAddress,
    };

    private static readonly Option<int> Port = PortOption("--silo-port", "The TCP port for the other nodes' processes.", UsualPort, least: 1);
    private static readonly Option<int> Gateway =
        PortOption("--gateway-port", "The TCP port for programs that use the client package; 0 for none.", UsualPort + 1, least: 0);

    private static readonly Option<string?> Tls =
        new("--silo-tls") {
            Description =
                "Mutual TLS between the processes: a folder with tls.crt, tls.key and ca.crt, such as a mounted Secret. Read again for each connection.",
                    HelpName = "DIR" };
    private static readonly Option<string?> Secret =
        new("--silo-secret") {
            Description =
                "A secret that the processes must know: a file with one in each line; the first is shown, any is accepted. Read again for each connection.",
                    HelpName = "FILE" };

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[Cluster, Id, Address, Port, Gateway, Tls, Secret]) command.Options.Add(option);
    }

    /// <summary>The embedded API is one process's own: nobody else finds its members there.</summary>
    public static void RefuseEmbedded(CommandResult result)
    {
        if (result.GetResult(Cluster)?.Tokens is [{ Value: Kubernetes }])
            result.AddError("--cluster kubernetes needs an API that all nodes share: --kubeconfig FILE or --in-cluster.");
    }

    public static string IdOf(ParseResult parsed) => parsed.GetRequiredValue(Id);

    /// <summary>Null when this process works alone: so it does, unless told otherwise, outside of a cluster.</summary>
    public static ClusterSettings? Of(ParseResult parsed, ApiSource api, NodeSettings node)
    {
        var chosen = parsed.GetValue(Cluster) ?? (api is ApiSource.InCluster ? Kubernetes : Single);
        if (chosen == Single) return null;
        var address = parsed.GetValue(Address) ?? PodAddress() ?? FirstOf(node)
            ?? throw new OperatorException("--silo-address: no interface that is used has an address; name one at which the other nodes reach this one.");
        return new(address, parsed.GetValue(Port), parsed.GetValue(Gateway))
        {
            Pod = Pod(), TlsFolder = parsed.GetValue(Tls), SecretFile = parsed.GetValue(Secret),
        };
    }

    private static IPAddress? PodAddress() => IPAddress.TryParse(Environment.GetEnvironmentVariable("POD_IP"), out var address) ? address : null;

    private static IPAddress? FirstOf(NodeSettings node) =>
        node.Addresses.OrderBy(address => address.Family).Select(address => address.ToIPAddress()).FirstOrDefault();

    private static PodIdentity? Pod() =>
        (Environment.GetEnvironmentVariable("POD_NAME"), Environment.GetEnvironmentVariable("POD_UID")) is ({ Length: > 0 } name, { Length: > 0 } uid)
            ? new(name, uid)
            : null;

    private static Option<string?> Choice()
    {
        var option = new Option<string?>("--cluster")
        {
            Description =
                "With whom this process works: 'kubernetes' joins the processes of the other nodes, whose membership is kept in the Kubernetes API (usual "
                    + "with --in-cluster); 'single' works alone (usual elsewhere).",
        };
        option.AcceptOnlyFromAmong(Kubernetes, Single);
        return option;
    }

    private static Option<string> Text(string name, string description, string help, string usual)
    {
        var option = new Option<string>(name) { Description = description, HelpName = help, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValue(option))) result.AddError($"{name} must not be empty.");
        });
        return option;
    }

    private static Option<int> PortOption(string name, string description, int usual, int least)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is var port && (port < least || port > IPEndPoint.MaxPort))
                result.AddError($"{name}: {port} is no port; it is from {least} to {IPEndPoint.MaxPort}.");
        });
        return option;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)) return address;
        result.AddError($"--silo-address: '{result.Tokens[0].Value}' is not an address at which other machines reach this one.");
        return null;
    }
}
