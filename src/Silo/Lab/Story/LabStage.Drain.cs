using System.Text.Json;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Operations;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which an operator moves what a living node announces.</summary>
internal sealed partial class LabStage
{
    private const int RequestsMore = 100;

    /// <summary>Away from the node and back to it; the client has one connection at a time.</summary>
    private const int HandOvers = 2;

    private readonly List<AddressRequests> _requests = [];

    public IReadOnlyList<AddressRequests> Requests => _requests;

    /// <summary>
    /// A client fetches from each address without a pause, while the busiest node is drained, used again and given its services back: no request is lost.
    /// </summary>
    public async Task DrainUnderLoad(CancellationToken cancellation)
    {
        var (node, addresses) = await Busiest();
        var services = (await Status.Read()).Services.Where(summary => summary.Announcer == node).Select(summary => summary.Service).ToList();
        narrator.Step($"A client fetches from {List(addresses)} without a pause");
        var streams = addresses.Select(address => (address, Requests: RequestStream.Start(network, address, cancellation))).ToList();
        foreach (var (address, requests) in streams) await ExpectAnswers(address, requests, 1, cancellation);
        await Drain(node, cancellation);
        foreach (var (address, requests) in streams) await ExpectAnswers(address, requests, 2, cancellation);
        await MoveBack(node, services, cancellation);
        foreach (var (address, requests) in streams) await ExpectMore(address, requests, cancellation);
        foreach (var (address, requests) in streams) Judge(address, await requests.Stop());
    }

    private async Task Drain(NodeName node, CancellationToken cancellation)
    {
        narrator.Step($"orleanslb drain {node}");
        var since = time.GetTimestamp();
        narrator.Say(await Ask(OperationPaths.DrainOf(node), cancellation));
        await ExpectNothingLeftWith(node, cancellation);
        narrator.Seen($"{node} announces nothing any more, {time.GetElapsedTime(since).TotalMilliseconds:0} ms after it was asked");
    }

    private async Task MoveBack(NodeName node, List<ServiceName> services, CancellationToken cancellation)
    {
        narrator.Step($"orleanslb undrain {node}, and orleanslb move {List(services)} --to {node}");
        narrator.Say(await Ask(OperationPaths.UndrainOf(node), cancellation));
        foreach (var name in services) narrator.Say(await Ask(OperationPaths.MoveOf(name, node), cancellation));
        foreach (var name in services)
        {
            await Eventually.See($"{name} announced by {node}", async () => await Announced(name) is { } summary && summary.Announcer == node ? summary : null,
                () => Describe(name), cancellation);
        }
        narrator.Seen($"{node} announces {List(services)} again");
    }

    /// <summary>What the service answers to an operator, in its own words.</summary>
    private async Task<string> Ask(string path, CancellationToken cancellation)
    {
        using var answer = JsonDocument.Parse(await service.Post(path, cancellation));
        return answer.RootElement.TryGetProperty("message", out var message) ? message.ToString() : answer.RootElement.ToString();
    }

    private static async Task ExpectAnswers(Address address, RequestStream requests, int nodes, CancellationToken cancellation)
    {
        await Eventually.See($"answers of {nodes} nodes at {UrlOf(address)}", () => Task.FromResult(requests.Answered >= nodes ? requests : null),
            () => Task.FromResult($"answers of {requests.Answered}"), cancellation);
        await ExpectMore(address, requests, cancellation);
    }

    /// <summary>Many requests more, so that a loss after the hand-over would be among them.</summary>
    private static async Task ExpectMore(Address address, RequestStream requests, CancellationToken cancellation)
    {
        var before = requests.Made;
        await Eventually.See($"{RequestsMore} requests more at {UrlOf(address)}",
            () => Task.FromResult(requests.Made >= before + RequestsMore ? requests : null), () => Task.FromResult($"{requests.Made - before}"), cancellation);
    }

    private void Judge(Address address, RequestCount count)
    {
        if (count.Broken > HandOvers) throw new UnexpectedException($"one broken connection at a hand-over at most, at {UrlOf(address)}", count.ToString());
        if (count.Lost > 0) throw new UnexpectedException($"no request at {UrlOf(address)} lost", count.ToString());
        narrator.Seen($"{UrlOf(address)}: {count}");
        _requests.Add(new(address.ToString(), count));
    }
}
