using System.Net;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests;

/// <summary>The lab on network namespaces with the service running on it, for one test.</summary>
internal sealed class LabWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();

    /// <summary>Written is what is wrong; the rest is for a story that does not come out.</summary>
    private static LogSettings Logged => LogSettings.Quiet with { Recent = new(1000, TimeProvider.System) };

    private LabWorld(NamespaceNetwork network) => Network = network;

    public NamespaceNetwork Network { get; }

    public LabService Service { get; private set; } = null!;

    public LabStage Stage { get; private set; } = null!;

    public StringWriter Told { get; } = new();

    public static async Task<LabWorld> Make(CancellationToken cancellation, RouterKind router = RouterKind.Bird)
    {
        var world = new LabWorld(await NamespaceNetwork.Create(LabPlan.Of(3), cancellation));
        try
        {
            world.Service = await LabService.Start(world.Network, world._data.Path, new IPEndPoint(IPAddress.Loopback, 0), Logged, cancellation);
        }
        catch
        {
            await world.Network.DisposeAsync();
            throw;
        }
        world.Stage = new LabStage(world.Network, world.Service, new Narrator(world.Told, bold: false), TimeProvider.System, router);
        return world;
    }

    public async Task Play(string scenario, CancellationToken cancellation)
    {
        try
        {
            await Stage.Play(Scenario.All.Single(known => known.Name == scenario), cancellation);
        }
        catch (UnexpectedException)
        {
            Assert.Fail($"{Told}"); // with all that may explain it
        }
    }

    /// <summary>Runs a program on the client.</summary>
    public Task<Tool.Result> OnClient(CancellationToken cancellation, params string[] command) =>
        Tool.Run("ip", ["netns", "exec", Network.NamespaceOf("client"), .. command], cancellation);

    public Task<Tool.Result> Kubectl(string arguments, CancellationToken cancellation, string input = "") =>
        Tool.Run("kubectl", ["--kubeconfig", "/dev/null", "--server", Service.Address.GetLeftPart(UriPartial.Authority), .. arguments.Split(' ')], cancellation,
            input);

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        await Service.DisposeAsync();
        await Network.DisposeAsync();
        _data.Dispose();
    }
}
