using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using OrleansLb.Kubernetes.Client.Credentials;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>Makes a connection of a cluster and a user of a kubeconfig.</summary>
internal static class KubeconfigConnection
{
    public static ClusterConnection Connect(Kubeconfig.Entry cluster, Kubeconfig.Entry user, string ns, TimeProvider time)
    {
        var connection = new ClusterConnection(Server(cluster, user))
        {
            Namespace = ns,
            Trust = Trust(cluster, time),
            TlsServerName = cluster.Text("tls-server-name") is { Length: > 0 } name ? name : null,
            Proxy = Proxy(cluster),
            Impersonation = Impersonated(user),
        };
        return connection with { Credential = CredentialOf(user, cluster, connection, time) };
    }

    private static Uri Server(Kubeconfig.Entry cluster, Kubeconfig.Entry user)
    {
        var text = cluster.Text("server") is { Length: > 0 } server ? server : throw cluster.Fault("server", "is missing");
        // as kubectl reads it
        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : $"{(SpeaksOfTls(cluster, user) ? "https" : "http")}://{text}";
        return Uri.TryCreate(withScheme, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw cluster.Fault("server", $"'{text}' is not an http(s) URL");
    }

    private static bool SpeaksOfTls(Kubeconfig.Entry cluster, Kubeconfig.Entry user) =>
        cluster.Flag("insecure-skip-tls-verify")
        || cluster.Has("certificate-authority") || cluster.Has("certificate-authority-data")
        || user.Has("client-certificate") || user.Has("client-certificate-data");

    private static Uri? Proxy(Kubeconfig.Entry cluster)
    {
        if (cluster.Text("proxy-url") is not { Length: > 0 } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw cluster.Fault("proxy-url", $"'{text}' is not an http, https or socks5 URL");
    }

    private static ServerTrust Trust(Kubeconfig.Entry cluster, TimeProvider time)
    {
        var insecure = cluster.Flag("insecure-skip-tls-verify");
        var data = cluster.Text("certificate-authority-data") is { Length: > 0 };
        var file = cluster.FilePath("certificate-authority");
        if (insecure && (data || file is not null)) throw cluster.Fault("insecure-skip-tls-verify", "and a certificate authority exclude each other; keep one");
        if (insecure) return ServerTrust.Anyone;
        if (data) return ServerTrust.FromPem(cluster.Content("certificate-authority-data", "certificate-authority")!, cluster.Name);
        if (file is null) return ServerTrust.System;
        return File.Exists(file) ? ServerTrust.FromFile(file, time) : throw cluster.Fault("certificate-authority", $"names {file}, which does not exist");
    }

    private static Credential CredentialOf(Kubeconfig.Entry user, Kubeconfig.Entry cluster, ClusterConnection connection, TimeProvider time)
    {
        var pem = Certificate(user);
        var certificate = pem is { } given ? new Proof(null, ClientCertificate.Read(given.Certificate, given.Key, user.Name)) : Proof.None;
        var credential = CredentialOf(user, certificate, cluster, connection, time);
        var isInFiles = !user.Has("client-certificate-data") || !user.Has("client-key-data");
        return pem is not null && isInFiles ? new CertificateFileCredential(credential, () => Certificate(user)!.Value, user.Name, time) : credential;
    }

    private static Credential CredentialOf(Kubeconfig.Entry user, Proof certificate, Kubeconfig.Entry cluster, ClusterConnection connection, TimeProvider time)
    {
        if (user.FilePath("tokenFile") is { } tokenFile) return new TokenFileCredential(tokenFile, time, certificate);
        if (Header(user) is { } header) return new FixedCredential(certificate with { Header = header });
        if (certificate.Certificate is not null) return new FixedCredential(certificate);
        if (user.Fields["exec"] is Mapping exec)
            return new ExecCredential(Plugin(user with { Fields = exec }, cluster), connection, new ExecProcess(time), time);
        return user.Fields["auth-provider"] is null
            ? Credential.Anonymous
            : throw user.Fault("auth-provider", "is a form that Kubernetes removed in 1.26; use an exec plug-in");
    }

    private static AuthenticationHeaderValue? Header(Kubeconfig.Entry user)
    {
        if (user.Text("token") is { Length: > 0 } token) return new("Bearer", token);
        if (user.Text("username") is not { Length: > 0 } name) return null;
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}")));
    }

    /// <summary>As PEM, from the kubeconfig or from files; null for none.</summary>
    private static (string Certificate, string Key)? Certificate(Kubeconfig.Entry user)
    {
        var certificate = user.Content("client-certificate-data", "client-certificate");
        var key = user.Content("client-key-data", "client-key");
        return (certificate, key) switch
        {
            (null, null) => null,
            ({ } pem, { } keyPem) => (pem, keyPem),
            (null, _) => throw user.Fault("client-key", "is given without client-certificate"),
            _ => throw user.Fault("client-certificate", "is given without client-key"),
        };
    }

    private static ExecPlugin Plugin(Kubeconfig.Entry exec, Kubeconfig.Entry cluster)
    {
        var apiVersion = exec.Text("apiVersion");
        if (apiVersion is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
        {
            throw exec.Fault("exec.apiVersion", $"'{apiVersion}' is not client.authentication.k8s.io/v1 or v1beta1");
        }
        var command = exec.Text("command") is { Length: > 0 } text ? text : throw exec.Fault("exec.command", "is missing");
        if (command.Contains(Path.DirectorySeparatorChar)) command = Path.Combine(exec.Directory, command);
        return new ExecPlugin(apiVersion, command, [.. Texts(exec.Fields["args"])])
        {
            Environment = [.. Items(exec.Fields["env"]).Select(item => KeyValuePair.Create(item.Text("name") ?? "", item.Text("value") ?? ""))],
            InstallHint = exec.Text("installHint"),
            ProvideClusterInfo = exec.Flag("provideClusterInfo"),
            CertificateAuthorityData =
                cluster.Content("certificate-authority-data", "certificate-authority") is { } pem ? Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)) : null,
        };
    }

    private static Impersonation? Impersonated(Kubeconfig.Entry user)
    {
        if (user.Text("as") is not { Length: > 0 } name)
        {
            if ((user.Fields["as-uid"] ?? user.Fields["as-groups"] ?? user.Fields["as-user-extra"]) is not null)
            {
                throw user.Fault("as", "is missing, although other as-* fields are given");
            }
            return null;
        }
        return new Impersonation(name)
        {
            Uid = user.Text("as-uid"),
            Group = One(user, "as-groups", user.Fields["as-groups"]),
            Extra = (user.Fields["as-user-extra"] as Mapping ?? Mapping.Empty).Fields
                .Select(field => KeyValuePair.Create(field.Name, One(user, $"as-user-extra.{field.Name}", field.Value)))
                .Where(field => field.Value is not null)
                .ToImmutableSortedDictionary(field => field.Key, field => field.Value!, StringComparer.Ordinal),
        };
    }

    // HttpClient writes the values of one header on one line, which the API server takes for one value.
    private static string? One(Kubeconfig.Entry user, string field, Node? list) => Texts(list).ToList() switch
    {
        [] => null,
        [var only] => only,
        _ => throw user.Fault(field, "has more than one value, which this client cannot send; name one, or use a user that has them all by itself"),
    };

    private static IEnumerable<string> Texts(Node? list) => (list as Sequence)?.Items.OfType<Scalar>().Select(item => item.Written) ?? [];

    private static IEnumerable<Mapping> Items(Node? list) => (list as Sequence)?.Items.OfType<Mapping>() ?? [];
}
