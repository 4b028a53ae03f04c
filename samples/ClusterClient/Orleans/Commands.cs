using Orleans;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.ClusterClient;

/// <summary>What the example asks of the cluster, one grain call or two for each.</summary>
internal static class Commands
{
    private const string Usage = """
        where NAMESPACE/NAME             the addresses of a Service and the node that announces them
        who ADDRESS                      who has an address
        wait NAMESPACE/NAME              until a Service is announced
        follow                           every Service, and each change as it happens
        reserve ADDRESS NAMESPACE/NAME   keep an address for a Service that is to come, for an hour
        drain NODE                       have others announce what this node announces
        undrain NODE                     use it again
        """;

    /// <summary>Returns 0 when it was done, 1 when the cluster refused, 2 when it is used wrongly.</summary>
    public static async Task<int> Run(IGrainFactory grains, string[] arguments, TextWriter output, CancellationToken cancellation) => arguments switch
    {
        ["where", var name] when ServiceName.TryParse(name, out var service) => Tell(output, await grains.ServiceDirectory().StateOf(service), Text),
        ["who", var text] when Address.TryParse(text, out var address) => Tell(output, await grains.ServiceDirectory().HolderOf(address), Text),
        ["wait", var name] when ServiceName.TryParse(name, out var service) =>
            Tell(output, await grains.WaitFor(service, state => state.AnnouncedAt is not null, cancellation: cancellation), Text),
        ["follow"] => await Follow(grains, output, cancellation),
        ["reserve", var text, var name] when Address.TryParse(text, out var address) && ServiceName.TryParse(name, out var service) =>
            await Reserve(grains, address, service, output),
        ["drain", var node] => await Drain(grains, new(node), output),
        ["undrain", var node] => Tell(output, await grains.Operator().Undrain(new(node)), outcome => $"{node}: {outcome.Mark}"),
        _ => Explain(output),
    };

    private static async Task<int> Follow(IGrainFactory grains, TextWriter output, CancellationToken cancellation)
    {
        await foreach (var change in grains.FollowServices(cancellation: cancellation))
        {
            output.WriteLine(change.State is { } state ? Text(state) : $"{change.Service} is gone");
        }
        return 0;
    }

    private static async Task<int> Reserve(IGrainFactory grains, Address address, ServiceName service, TextWriter output)
    {
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        var outcome = await grains.Reservations().Reserve(new(new Reservation(service.Namespace, service.Name, until), address));
        output.WriteLine(outcome.Message);
        return outcome.IsDone ? 0 : 1;
    }

    private static async Task<int> Drain(IGrainFactory grains, NodeName node, TextWriter output)
    {
        var outcome = await grains.Operator().Drain(node);
        output.WriteLine(outcome.Mark == NodeMark.Written ? $"{node} is left; it still announces {outcome.Left.Count} services" : $"{node}: {outcome.Mark}");
        return outcome.Mark == NodeMark.Written ? 0 : 1;
    }

    private static string Text(ServiceState state) =>
        $"{state.Service}  {string.Join(", ", state.Addresses)}  {state.Announcer?.Value ?? "-"}  {state.Message}";

    private static string Text(AddressState state) =>
        $"{state.Address}  {string.Join(", ", state.Services)}  {state.Announcer?.Value ?? "-"}  "
            + $"{(state.Reserved is { } kept ? $"reserved for {kept.Namespace}/{kept.Name}" : "")}";

    private static int Tell<T>(TextWriter output, T? found, Func<T, string> text)
        where T : class
    {
        output.WriteLine(found is null ? "there is none" : text(found));
        return found is null ? 1 : 0;
    }

    private static int Explain(TextWriter output)
    {
        output.WriteLine(Usage);
        return 2;
    }
}
