using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Deploy;

/// <summary>What stands under <c>deploy/</c>, as <c>kubectl</c> and a server take it.</summary>
public sealed class ManifestTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Single = "deploy/orleanslb.yaml";

    public static TheoryData<string> Kustomizations => ["deploy/base", "deploy/windows", "deploy/migration", "deploy/metallb-configmap"];

    [Theory, MemberData(nameof(Kustomizations))]
    public async Task A_server_takes_all_of_it(string folder)
    {
        using var kubectl = new Kubectl.Kubectl(api.Server.BaseAddress);
        await kubectl.TryAsync(null, "create", "namespace", "orleanslb-system"); // a dry run makes none for what belongs in it
        await kubectl.TryAsync(null, "create", "namespace", "metallb-system");

        var said = await kubectl.RunAsync("apply", "--dry-run=server", "-k", Repository.Path(folder));

        Assert.All(said.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.EndsWith("(server dry run)", line, StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Components => new()
    {
        { "bgp-passwords", "clusterrole.rbac.authorization.k8s.io/orleanslb-bgp-passwords" },
        { "drain", "clusterrole.rbac.authorization.k8s.io/orleanslb-drain" },
        { "metrics", "daemonset.apps/orleanslb" },
        { "silo-secret", "daemonset.apps/orleanslb" },
        { "silo-tls", "daemonset.apps/orleanslb" },
    };

    [Theory, MemberData(nameof(Components))]
    public async Task A_server_takes_each_component_on_the_base(string component, string changed)
    {
        using var kubectl = new Kubectl.Kubectl(api.Server.BaseAddress);
        await kubectl.TryAsync(null, "create", "namespace", "orleanslb-system");
        var overlay = Overlay(kubectl, component);

        var said = await kubectl.RunAsync("apply", "--dry-run=server", "-k", overlay);

        Assert.All(said.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.EndsWith("(server dry run)", line, StringComparison.Ordinal));
        Assert.Contains(changed, said, StringComparison.Ordinal);
        Assert.NotEqual(await kubectl.RunAsync("kustomize", Repository.Path("deploy/base")), await kubectl.RunAsync("kustomize", overlay));
    }

    [Theory]
    [InlineData("silo-tls", "--silo-tls", "/etc/orleanslb/silo")]
    [InlineData("silo-secret", "--silo-secret", "/etc/orleanslb/silo/secret")]
    public async Task What_guards_the_silos_is_mounted_where_they_are_told_to_look(string component, string option, string path)
    {
        using var kubectl = new Kubectl.Kubectl(api.Server.BaseAddress);
        var built = YamlText.ParseAll(await kubectl.RunAsync("kustomize", Overlay(kubectl, component))).OfType<JsonObject>();
        var pod = Assert.Single(built, item => item.Text("kind") == "DaemonSet").Object("spec").Object("template").Object("spec");
        var container = Assert.Single(pod.Objects("containers"));
        Assert.Equal([option, path], container.Texts("args").TakeLast(2));
        var mount = Assert.Single(container.Objects("volumeMounts"), mount => path.StartsWith(mount.Text("mountPath")!, StringComparison.Ordinal));
        Assert.True(mount.Flag("readOnly"));
        Assert.Equal("orleanslb-silo",
            Assert.Single(pod.Objects("volumes"), volume => volume.Text("name") == mount.Text("name")).Object("secret").Text("secretName"));
    }

    /// <summary>A server shows the first match of a path and no more, so such a column would look as if there were no others.</summary>
    [Fact]
    public async Task No_printer_column_names_several_values()
    {
        using var kubectl = new Kubectl.Kubectl(api.Server.BaseAddress);
        var definitions = YamlText.ParseAll(await kubectl.RunAsync("kustomize", Repository.Path("deploy/crds"))).OfType<JsonObject>();
        var paths = definitions.SelectMany(definition => definition.Object("spec").Objects("versions"))
            .SelectMany(version => version.Objects("additionalPrinterColumns")).Select(column => column.Text("jsonPath")!).ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.DoesNotContain("[*]", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_single_file_is_what_the_base_builds()
    {
        using var kubectl = new Kubectl.Kubectl(api.Server.BaseAddress);
        var built = await kubectl.RunAsync("kustomize", Repository.Path("deploy/base"));
        var lines = await File.ReadAllLinesAsync(Repository.Path(Single), TestContext.Current.CancellationToken);
        Assert.Equal(built.TrimEnd(), string.Join('\n', lines.Where(line => !line.StartsWith('#'))).TrimEnd());
    }

    [Fact]
    public async Task The_single_file_installs_and_installs_again_without_a_change()
    {
        await using var fresh = await ApiFixture.StartAsync(new());
        using var kubectl = new Kubectl.Kubectl(fresh.Server.BaseAddress);
        await kubectl.RunAsync("apply", "--server-side", "-f", Repository.Path(Single), "--force-conflicts");
        Assert.Contains("orleanslb", await kubectl.RunAsync("get", "daemonset,serviceaccount,clusterrole,clusterrolebinding", "-n", "orleanslb-system", "-o",
            "name"), StringComparison.Ordinal);
        var before = await kubectl.RunAsync("get", "daemonset", "orleanslb", "-n", "orleanslb-system", "-o", "jsonpath={.metadata.resourceVersion}");
        await kubectl.RunAsync("apply", "--server-side", "-f", Repository.Path(Single), "--force-conflicts");
        Assert.Equal(before, await kubectl.RunAsync("get", "daemonset", "orleanslb", "-n", "orleanslb-system", "-o", "jsonpath={.metadata.resourceVersion}"));
    }

    [Fact]
    public async Task An_object_that_breaks_a_rule_of_its_definition_is_refused_with_the_reason()
    {
        using var kubectl = new Kubectl.Kubectl(api.Server.BaseAddress);
        var (code, _, errors) = await kubectl.TryAsync(null, "create", "-f", kubectl.FilePath("peer.yaml", """
            apiVersion: orleanslb.io/v1alpha1
            kind: BGPPeer
            metadata: {name: both}
            spec: {myASN: 64500, peerASN: 64501, peerAddress: 192.0.2.1, gtsm: true, multihopTTL: 3}
            """));
        Assert.Equal(1, code);
        Assert.Contains("The BGPPeer \"both\" is invalid: spec: Invalid value: \"object\": gtsm and a multihop peer exclude each other (RFC 5082)", errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_speaker_has_two_capabilities_and_no_more_rights_on_its_node()
    {
        var pod = DaemonSet("deploy/base/daemonset.yaml").Object("spec").Object("template").Object("spec");
        var rights = Assert.Single(pod.Objects("containers")).Object("securityContext");
        Assert.Equal(["ALL"], rights.Object("capabilities").Texts("drop"));
        Assert.Equal(["NET_RAW", "NET_BIND_SERVICE"], rights.Object("capabilities").Texts("add"));
        Assert.True(rights.Flag("readOnlyRootFilesystem"));
        Assert.False(rights.Flag("allowPrivilegeEscalation"));
        Assert.Null(rights.Flag("privileged"));
        Assert.Equal("RuntimeDefault", pod.Object("securityContext").Object("seccompProfile").Text("type"));
        Assert.Null(pod.Flag("hostPID"));
    }

    [Theory]
    [InlineData("deploy/base/daemonset.yaml")]
    [InlineData("deploy/windows/daemonset.yaml")]
    public void A_rollout_never_has_two_speakers_on_a_node_and_leaves_each_the_time_to_hand_over(string file)
    {
        var spec = DaemonSet(file).Object("spec");
        var rolling = spec.Object("updateStrategy").Object("rollingUpdate");
        Assert.Equal((0, 1), (rolling.Whole("maxSurge"), rolling.Whole("maxUnavailable")));
        var pod = spec.Object("template").Object("spec");
        Assert.True(pod.Whole("terminationGracePeriodSeconds") > 12, "the service bounds its own stop at 12 s");
        Assert.Equal("system-node-critical", pod.Text("priorityClassName"));
        Assert.True(pod.Flag("hostNetwork"));
    }

    /// <summary>A folder with the base and the component, as a user's overlay has them.</summary>
    private static string Overlay(Kubectl.Kubectl kubectl, string component)
    {
        var folder = Path.GetDirectoryName(kubectl.FilePath("kustomization.yaml", ""))!;
        kubectl.FilePath("kustomization.yaml", $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [{Path.GetRelativePath(folder, Repository.Path("deploy/base"))}]
            components: [{Path.GetRelativePath(folder, Repository.Path($"deploy/components/{component}"))}]
            """);
        return folder;
    }

    private static JsonObject DaemonSet(string file) => Assert.IsType<JsonObject>(Assert.Single(YamlText.ParseAll(File.ReadAllText(Repository.Path(file)))));
}
