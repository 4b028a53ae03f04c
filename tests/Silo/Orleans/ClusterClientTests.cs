using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using OrleansLb.Api.Hosting;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Gateway;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;
using IGrainFactory = Orleans.IGrainFactory;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>Another program asks a node's service by its gateway, which it finds in the Kubernetes API.</summary>
public sealed class ClusterClientTests : IAsyncLifetime
{
    private const string SharedSecret = "a secret of all of us";
    private static readonly ServiceName Web = new("default", "web");
    private static readonly NodeName Node = new("node1");

    private readonly TemporaryFolder _folder = new();
    private EmbeddedApi _api = null!;
    private ServiceHost _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Kubeconfig => Path.Combine(_folder.Path, "kubeconfig");

    public async ValueTask InitializeAsync()
    {
        _api = await EmbeddedApi.StartAsync(new EmbeddedApiOptions(), Stop);
        await File.WriteAllTextAsync(Kubeconfig, $$$"""
            {apiVersion: v1, kind: Config, current-context: c, clusters: [{name: c, cluster: {server: "{{{_api.BaseAddress}}}"}}], contexts: [{name: c, context: {cluster: c, user: u}}], users: [{name: u, user: {}}]}
            """, Stop);
        await _api.Api.ApplyTextAsync("""
            {apiVersion: v1, kind: Node, metadata: {name: node1}, status: {conditions: [{type: Ready, status: "True"}] } }
            ---
            {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: office}, spec: {addresses: [192.168.0.200-192.168.0.250]}}
            ---
            {apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {name: office}, spec: {addressPools: [office]}}
            """);
        var cluster = new ClusterSettings(IPAddress.Loopback, FreePort(), FreePort()) { SecretFile = Secret("silos", SharedSecret) };
        var node = NodeLinkage.InMemory().Node(Node, []);
        _service =
            await ServiceHost.Start(new(new ApiSource.Kubeconfig(Kubeconfig), new IPEndPoint(IPAddress.Loopback, 0), [node], LogSettings.Quiet, cluster), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_follows_asks_reserves_and_drains()
    {
        using var client = await Connect(SharedSecret);
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var announced = grains.WaitFor(Web, state => state.AnnouncedAt is not null, cancellation: Stop);
        var reserved = await grains.Reservations().Reserve(new(new("default", "web"), Pool: new("office")));
        Assert.True(reserved.IsDone, reserved.Message);
        await CreateService();

        var state = await announced;
        Assert.Equal(([reserved.Address!.Value], Node), (state.Addresses, state.Announcer!.Value));
        Assert.Equal(state, await grains.ServiceDirectory().StateOf(Web));
        Assert.Equal([Web], (await grains.ServiceDirectory().HolderOf(Address.Parse("192.168.0.200")))!.Services);

        var drained = await grains.Operator().Drain(Node);
        Assert.Equal((NodeMark.Written, [Web]), (drained.Mark, drained.Left)); // there is no other node
        Assert.Equal(NodeMark.Written, (await grains.Operator().Undrain(Node)).Mark);
        await client.StopAsync(Stop);
    }

    [Fact]
    public async Task Its_trace_goes_through_the_grains_to_the_api()
    {
        using var client = await Connect(SharedSecret);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("a program");
        using (var asking = source.StartActivity("reserves an address"))
        {
            var outcome = await client.Services.GetRequiredService<IGrainFactory>().Reservations().Reserve(new(new("default", "web"), Pool: new("office")));
            Assert.True(outcome.IsDone, outcome.Message);
            asking!.Stop();
            var ours = spans.Where(span => span.TraceId == asking.TraceId).ToList();
            Assert.Contains(ours, span => span.Kind == ActivityKind.Server && span.DisplayName.Contains(nameof(IReservationGrain), StringComparison.Ordinal));
            Assert.Contains(ours, span => span.Kind == ActivityKind.Server && span.DisplayName.Contains("IAddressPoolGrain", StringComparison.Ordinal));
            Assert.Contains(ours, span => span.DisplayName == "POST addressclaims");
        }
        await client.StopAsync(Stop);
    }

    [Fact]
    public async Task One_that_does_not_know_the_secret_is_not_let_in()
    {
        using var stranger = Client("another secret of others", patient: false);
        await Assert.ThrowsAnyAsync<Exception>(() => stranger.StartAsync(Stop));
    }

    [Fact]
    public void A_secret_that_cannot_be_read_is_told_before_anything_is_started() =>
        Assert.Contains("missing",
            Assert.Throws<GuardException>(() => Build(options => options.SecretFile = Path.Combine(_folder.Path, "missing"), patient: true)).Message,
            StringComparison.Ordinal);

    private async Task<IHost> Connect(string secret)
    {
        var client = Client(secret, patient: true);
        await client.StartAsync(Stop);
        return client;
    }

    private IHost Client(string secret, bool patient) => Build(options => options.SecretFile = Secret("client", secret), patient);

    private IHost Build(Action<ClusterConnectionOptions> configure, bool patient)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleansClient(client =>
        {
            client.ConnectToOrleansLb(options =>
            {
                options.Kubernetes.Kubeconfig = Kubeconfig;
                options.Namespace = null;
                configure(options);
            });
            if (!patient) client.UseConnectionRetryFilter((_, _) => Task.FromResult(false));
        });
        return builder.Build();
    }

    private async Task CreateService() => await _api.Api.ApplyTextAsync("""
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: default}, spec: {type: LoadBalancer, ports: [{port: 80}]} }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web} }
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}, nodeName: node1}]
        ports: [{port: 80}]
        """);

    private string Secret(string name, string text)
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
