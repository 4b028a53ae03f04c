using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Kubectl;

/// <summary>Each test has its own API server, its own home for kubectl, and a service manifest.</summary>
public abstract class KubectlTests : IAsyncLifetime
{
    protected const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, labels: {app: web}}
        spec: {type: LoadBalancer, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
        """;

    protected const string Pool = """
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: lan}
        spec: {addresses: [192.0.2.0/28]}
        """;

    private Kubectl? _kubectl;

    protected ApiFixture Api { get; } = new();

    protected Kubectl Kubectl => _kubectl ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        await Api.InitializeAsync();
        _kubectl = new(Api.Server.BaseAddress);
    }

    public async ValueTask DisposeAsync()
    {
        _kubectl?.Dispose();
        await Api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a manifest where kubectl finds it.</summary>
    protected string Manifest(string content) => Kubectl.FilePath($"{Guid.NewGuid():N}.yaml", content);

    protected Task<string> CreateAsync(string manifest) => Kubectl.RunAsync("create", "-f", Manifest(manifest));
}
