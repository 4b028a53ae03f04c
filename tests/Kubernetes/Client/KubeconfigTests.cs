using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Client;

public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kubeconfig");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Of_several_files_the_first_has_its_way()
    {
        var first = Write("one", Config("https://one:6443", context: "current-context: a"));
        var second = Write("two", Config("https://two:6443/k8s/clusters/x", name: "b", context: "current-context: b"));
        var merged = Kubeconfig.Load($"{first}{Path.PathSeparator}{_directory.FullName}/absent{Path.PathSeparator}{second}");
        Assert.Equal("https://one:6443/api", merged.Connect(null, TimeProvider.System).At("/api").AbsoluteUri);
        var other = merged.Connect("b", TimeProvider.System);
        Assert.Equal(("https://two:6443/k8s/clusters/x/api/v1/nodes?limit=1", "ns-b"), (other.At("/api/v1/nodes?limit=1").AbsoluteUri, other.Namespace));
    }

    [Theory]
    [InlineData("current-context: gone", "no context 'gone'; it has: a")]
    [InlineData("current-context: ''", "no current-context")]
    public void A_missing_context_is_named(string context, string says)
    {
        var fault =
            Assert.Throws<ConnectionException>(() => Kubeconfig.Load(Write("c", Config("https://one", context: context))).Connect(null, TimeProvider.System));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "server: ftp://x", "not an http(s) URL")]
    [InlineData("", "server: https://x, certificate-authority: absent.crt", "does not exist")]
    [InlineData("", "server: https://x, certificate-authority-data: '!!'", "is not base64")]
    [InlineData("", "server: https://x, insecure-skip-tls-verify: true, certificate-authority-data: YQ==", "exclude each other")]
    [InlineData("", "server: https://x, proxy-url: 'ftp://p'", "socks5")]
    [InlineData("client-key-data: YQ==", "server: https://x", "without client-certificate")]
    [InlineData("client-certificate-data: YQ==, client-key-data: YQ==", "server: https://x", "cannot be used together")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}", "server: https://x", "v1beta1")]
    [InlineData("auth-provider: {name: gcp}", "server: https://x", "exec plug-in")]
    [InlineData("as-groups: [a]", "server: https://x", "as is missing")]
    [InlineData("as: jane, as-groups: [a, b]", "server: https://x", "more than one value")]
    public void What_is_wrong_is_said_with_the_entry_that_has_it(string user, string cluster, string says)
    {
        var path = Write("c", $"current-context: a\ncontexts: [{{name: a, context: {{cluster: a, user: a}}}}]\nclusters: [{{name: a, cluster: "
            + $"{{{cluster}}}}}]\nusers: [{{name: a, user: {{{user}}}}}]\n");
        var fault = Assert.Throws<ConnectionException>(() => Kubeconfig.Load(path).Connect(null, TimeProvider.System));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_yaml_names_its_line()
    {
        var fault = Assert.Throws<ConnectionException>(() => Kubeconfig.Load(Write("c", "a: 1\na: 2\n")));
        Assert.Contains("c:2:", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRIVATE KEY")]
    [InlineData("RSA PRIVATE KEY")]
    [InlineData("EC PRIVATE KEY")]
    public async Task A_client_certificate_is_shown_whatever_the_form_of_its_key(string form)
    {
        using var authority = new Certificates();
        await using var api = await TestApi.Start(context => context.Named($"{context.Connection.ClientCertificate?.Subject}"), authority.Server());
        var (certificate, key) = authority.Client(form);
        Assert.Contains($"BEGIN {form}", key, StringComparison.Ordinal);
        var user = $"client-certificate-data: {Base64(certificate)}, client-key-data: {Base64(key)}";
        using var client = Connect(Config(api.Url.ToString(), cluster: $"certificate-authority-data: {Base64(authority.AuthorityPem)}", user: user));
        Assert.Equal("CN=client", await NodeName(client));
    }

    [Fact]
    public async Task A_client_certificate_in_files_is_read_again_after_a_refusal_once_it_fits_its_key()
    {
        using var authority = new Certificates();
        var (first, second) = (authority.Client("EC PRIVATE KEY"), authority.Client("EC PRIVATE KEY"));
        var accepted = first;
        await using var api = await TestApi.Start(
            context => context.Connection.ClientCertificate is { } shown && shown.ExportCertificatePem() == accepted.Certificate
                ? context.Named("known")
                : context.Refuse(401, "Unauthorized"),
            authority.Server());
        var (certificate, key) = (Path.Combine(_directory.FullName, "client.crt"), Path.Combine(_directory.FullName, "client.key"));
        await Write(first.Certificate, first.Key);
        var user = $"client-certificate: {certificate}, client-key: client.key";
        using var client = Connect(Config(api.Url.ToString(), cluster: $"certificate-authority-data: {Base64(authority.AuthorityPem)}", user: user));
        Assert.Equal("known", await NodeName(client));
        accepted = second;
        await Write(second.Certificate, first.Key);
        Assert.Equal(ApiReason.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => NodeName(client))).Reason);
        await Write(second.Certificate, second.Key);
        Assert.Equal("known", await NodeName(client));

        async Task Write(string certificatePem, string keyPem)
        {
            await File.WriteAllTextAsync(certificate, certificatePem, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(key, keyPem, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Only_the_given_authority_is_trusted()
    {
        using var authority = new Certificates();
        using var other = new Certificates("somebody else");
        await using var api = await TestApi.Start(context => context.Json("""{"metadata":{"name":"n"}}"""), authority.Server());
        File.WriteAllText(Path.Combine(_directory.FullName, "ca.crt"), authority.AuthorityPem);
        using var right = Connect(Config(api.Url.ToString(), cluster: "certificate-authority: ca.crt"));
        Assert.Equal("n", await NodeName(right));
        using var wrong = Connect(Config(api.Url.ToString(), cluster: $"certificate-authority-data: {Base64(other.AuthorityPem)}"));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => NodeName(wrong));
        Assert.Contains("an authority that the kubeconfig or the service account names", refused.Message, StringComparison.Ordinal);
        using var careless = Connect(Config(api.Url.ToString(), cluster: "insecure-skip-tls-verify: true"));
        Assert.Equal("n", await NodeName(careless));
    }

    [Fact]
    public async Task A_rotated_authority_is_read_again()
    {
        using var first = new Certificates("first");
        using var second = new Certificates("second");
        var file = Path.Combine(_directory.FullName, "ca.crt");
        File.WriteAllText(file, first.AuthorityPem);
        await using var api = await TestApi.Start(context => context.Json("""{"metadata":{"name":"n"}}"""), second.Server());
        using var client = Connect(Config(api.Url.ToString(), cluster: "certificate-authority: ca.crt"));
        await Assert.ThrowsAsync<HttpRequestException>(() => NodeName(client));
        File.WriteAllText(file, second.AuthorityPem);
        Assert.Equal("n", await NodeName(client));
    }

    [Fact]
    public async Task The_server_must_bear_the_name_that_was_asked_for()
    {
        using var authority = new Certificates();
        await using var api = await TestApi.Start(context => context.Named(context.Request.Protocol), authority.Server("kubernetes.test"));
        var trust = $"certificate-authority-data: {Base64(authority.AuthorityPem)}";
        using var named = Connect(Config(api.Url.ToString(), cluster: $"{trust}, tls-server-name: kubernetes.test"));
        Assert.Equal("HTTP/2", await NodeName(named));
        Assert.Equal(["kubernetes.test"], api.ServerNames);
        using var unnamed = Connect(Config(api.Url.ToString(), cluster: trust));
        await Assert.ThrowsAsync<HttpRequestException>(() => NodeName(unnamed));
        using var wrong = Connect(Config(api.Url.ToString(), cluster: $"{trust}, tls-server-name: other.test"));
        await Assert.ThrowsAsync<HttpRequestException>(() => NodeName(wrong));
    }

    [Fact]
    public async Task Impersonation_and_passwords_are_headers()
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var api = await TestApi.Start(context =>
        {
            foreach (var (name, values) in context.Request.Headers) headers[name] = values.ToString();
            return context.Json("""{"metadata":{"name":"n"}}""");
        });
        using var client = Connect(Config(api.Url.ToString(),
            user: "username: u, password: 'p:w', as: jane, as-uid: '7', as-groups: [dev], as-user-extra: {reason: [audit]}"));
        await NodeName(client);
        Assert.Equal($"Basic {Base64("u:p:w")}", headers["Authorization"]);
        string[] names = ["Impersonate-User", "Impersonate-Uid", "Impersonate-Group", "Impersonate-Extra-reason"];
        Assert.Equal(["jane", "7", "dev", "audit"], names.Select(name => headers[name]));
    }

    [Fact]
    public async Task A_plug_in_gives_the_token_and_is_asked_again_when_it_is_refused()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The plug-in of this test is a shell script.");
        var script = Path.Combine(_directory.FullName, "plugin.sh");
        await File.WriteAllTextAsync(script, """
            #!/bin/sh
            echo x >> "$COUNT"
            n=$(wc -l < "$COUNT" | tr -d ' ')
            case "$KUBERNETES_EXEC_INFO" in *'"server":"http://127.0.0.1'*) ;; *) exit 3 ;; esac
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t'$n$1'"}}'
            """, TestContext.Current.CancellationToken);
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var refused = "Bearer t1-arg";
        await using var api = await TestApi.Start(context =>
            context.Request.Headers.Authorization == refused ? context.Refuse(401, "Unauthorized") : context.Named($"{context.Request.Headers.Authorization}"));
        var exec =
            $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: [-arg], env: [{{name: COUNT, value: "
                + $"{_directory.FullName}/count}}], provideClusterInfo: true}}";
        using var client = Connect(Config(api.Url.ToString(), user: exec));
        Assert.Equal("Bearer t2-arg", await NodeName(client));
        Assert.Equal("Bearer t2-arg", await NodeName(client));
        refused = "Bearer t2-arg";
        Assert.Equal("Bearer t3-arg", await NodeName(client));
    }

    [Theory]
    [InlineData("exit 2", "ended with code 2")]
    [InlineData("echo hello", "as JSON")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\"}'", "was asked for")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{}}'", "neither a token")]
    public async Task A_plug_in_that_fails_is_named(string body, string says)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The plug-in of this test is a shell script.");
        using var client = Connect(Config("http://127.0.0.1:1",
            user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [-c, {System.Text.Json.JsonSerializer.Serialize(body)}]}}"));
        var fault = await Assert.ThrowsAsync<ConnectionException>(() => NodeName(client));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_cluster_the_service_account_connects()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "token"), "t");
        File.WriteAllText(Path.Combine(_directory.FullName, "namespace"), "here\n");
        var environment = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = "fd00::1", ["KUBERNETES_SERVICE_PORT"] = "443" };
        var connection = InCluster.Connect(environment.GetValueOrDefault, TimeProvider.System, _directory.FullName);
        Assert.Equal(("https://[fd00::1]/api", "here"), (connection.At("/api").AbsoluteUri, connection.Namespace));
        Assert.Contains("--kubeconfig", Assert.Throws<ConnectionException>(() => InCluster.Connect(_ => null, TimeProvider.System)).Message,
            StringComparison.Ordinal);
    }

    private ApiClient Connect(string config) =>
        ApiClient.Connect(new KubernetesClientOptions { Kubeconfig = Write("config", config) }, _ => null, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<ApiClient>.Instance);

    private static async Task<string> NodeName(ApiClient client) =>
        (await client.Get(ResourceTypes.Nodes, null, "n", TestContext.Current.CancellationToken)).Metadata.Name;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Config(string server, string name = "a", string context = "current-context: a", string cluster = "", string user = "") =>
        $"{context}\ncontexts: [{{name: {name}, context: {{cluster: {name}, user: {name}, namespace: ns-{name}}}}}]\nclusters: [{{name: {name}, cluster: "
            + $"{{server: '{server}'{(cluster.Length == 0 ? "" : $", {cluster}")}}}}}]\nusers: [{{name: {name}, user: {{{user}}}}}]\n";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
