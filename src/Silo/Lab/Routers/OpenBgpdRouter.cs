using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Bgp;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>OpenBGPD, whose port to Linux learns but does not forward.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class OpenBgpdRouter(RouterPlan plan) : LabRouter(plan)
{
    private const string Package = "openbgpd", User = "_openbgpd", UserId = "65533";

    private string Control => Plan.File("bgpd.sock");

    public override string NotForwarding => "OpenBGPD on Linux keeps routes to itself: it writes none into the kernel";

    public override async Task<string> Version(CancellationToken cancellation) => (await Ask(cancellation, Program, "-V")).Trim();

    public override async Task<IReadOnlyList<LearnedRoute>> Routes(CancellationToken cancellation) =>
        [.. (await Client("show rib detail", cancellation))?["rib"]?.AsArray().Select(path => RouteOf(path!)) ?? []];

    public override async Task<bool> HasSession(Address node, CancellationToken cancellation) =>
        (await Client("show neighbor", cancellation))?["neighbors"]?.AsArray()
            .Any(each => (string?)each!["remote_addr"] == node.ToString() && (string?)each["state"] == "Established") == true;

    protected override async Task Start(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Plan.File("bgpd.conf"), $$"""
            AS {{Plan.Asn}}
            router-id {{Plan.Own}}
            socket "{{Control}}"
            listen on {{Plan.Own}}
            rde evaluate all
            {{Plan.ForEachNode(node => $"neighbor {node} {{\n  remote-as {Plan.NodeAsn}\n  passive\n  announce IPv4 unicast\n}}")}}
            allow from any

            """, cancellation);
        File.SetUnixFileMode(Plan.File("bgpd.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite); // it reads no file that others can
        await MakeUser(cancellation);
        Run(WithFiles([(Plan.File("passwd"), "/etc/passwd"), (Plan.File("group"), "/etc/group")], [Program, "-d", "-f", Plan.File("bgpd.conf")]));
    }

    /// <summary>It gives its rights up for a user whose home is its prison; both have to be there, and the way to them open.</summary>
    private async Task MakeUser(CancellationToken cancellation)
    {
        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(Path.GetDirectoryName(Plan.Folder)!, Open);
        File.SetUnixFileMode(Plan.Folder, Open);
        var home = Directory.CreateDirectory(Plan.File("empty"), Open).FullName;
        await File.WriteAllTextAsync(Plan.File("passwd"), $"root:x:0:0:root:/root:/bin/sh\n{User}:x:{UserId}:{UserId}::{home}:/usr/sbin/nologin\n",
            cancellation);
        await File.WriteAllTextAsync(Plan.File("group"), $"root:x:0:\n{User}:x:{UserId}:\n", cancellation);
    }

    private static LearnedRoute RouteOf(JsonNode path) => new(
        Prefix.Parse((string)path["prefix"]!),
        Address.Parse((string)path["exit_nexthop"]!),
        LearnedRoute.Path((string?)path["aspath"] ?? ""),
        (uint?)path["localpref"],
        LearnedRoute.Sorted(path["communities"]?.AsArray().Select(community => Community.Parse((string)community!)) ?? []));

    private static string Program => RouterProgram.Find(Package, "/usr/sbin/bgpd");

    /// <summary>Null while the daemon does not answer yet.</summary>
    private async Task<JsonNode?> Client(string command, CancellationToken cancellation)
    {
        var answer = await Ask(cancellation, [RouterProgram.Find(Package, "/usr/sbin/bgpctl"), "-s", Control, "-j", .. command.Split(' ')]);
        return answer.StartsWith('{') ? JsonNode.Parse(answer) : null;
    }
}
