using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Grains;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Operations;

/// <summary>What operators may tell the service over HTTP: from the machine itself, because there is no other proof of who they are.</summary>
internal static class OperationEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("")
            .AddEndpointFilter(async (context, next) => IsTrusted(context.HttpContext) ? await next(context) : Refuse(StatusCodes.Status403Forbidden,
            "operations are taken from the machine itself only: run the command there, or in the pod of that node (kubectl exec)."));
        operations.MapPost(OperationPaths.Move,
            (string @namespace, string name, string to, IGrainFactory grains) => Move(new(@namespace, name), new(to), grains));
        operations.MapPost(OperationPaths.Drain, (string node, IGrainFactory grains) => Drain(new(node), grains));
        operations.MapPost(OperationPaths.Undrain, (string node, IGrainFactory grains) => Undrain(new(node), grains));
    }

    /// <summary>From this machine, and not from a web page that a browser here has open.</summary>
    private static bool IsTrusted(HttpContext context) =>
        context.Request.Headers.Origin.Count == 0
        && context.Connection.RemoteIpAddress is { } remote
        && (IPAddress.IsLoopback(remote) || remote.Equals(context.Connection.LocalIpAddress));

    private static async Task<IResult> Move(ServiceName service, NodeName to, IGrainFactory grains)
    {
        var outcome = await grains.Operator().Move(service, to);
        return outcome.Moved ? Done(new(outcome.From?.Value, to.Value, [], outcome.Message)) : Refuse(StatusCodes.Status409Conflict, outcome.Message);
    }

    private static async Task<IResult> Drain(NodeName node, IGrainFactory grains)
    {
        var outcome = await Marked(() => grains.Operator().Drain(node));
        if (Refusal(outcome, node, "true") is { } refusal) return refusal;
        var left = outcome!.Left.Select(service => service.ToString()).ToList();
        return Done(new(null, node.Value, left, left.Count == 0
            ? $"node {node} announces nothing by ARP or NDP any more; 'orleanslb undrain {node}' lets it be used again."
            : $"node {node} is being drained, and still announces {string.Join(", ", left)}: no other node may, or the hand-over is under way "
                + "('orleanslb explain' tells)."));
    }

    private static async Task<IResult> Undrain(NodeName node, IGrainFactory grains)
    {
        var outcome = await Marked(() => grains.Operator().Undrain(node));
        return Refusal(outcome, node, null)
            ?? Done(new(null, node.Value, [], $"node {node} may be used again; it is given what evens out the load, little by little."));
    }

    private static async Task<DrainOutcome?> Marked(Func<Task<DrainOutcome>> mark)
    {
        try
        {
            return await mark();
        }
        catch (RecordUnavailableException)
        {
            return null;
        }
    }

    private static IResult? Refusal(DrainOutcome? outcome, NodeName node, string? value) => outcome?.Mark switch
    {
        NodeMark.Written => null,
        NodeMark.NoSuchNode => Refuse(StatusCodes.Status404NotFound, $"the cluster has no Node '{node}'; 'orleanslb status' lists those that there are."),
        NodeMark.Forbidden => Refuse(StatusCodes.Status403Forbidden,
            $"the service may not write to Nodes (deploy/components/drain grants it). With rights of your own: kubectl annotate node {node} --overwrite "
                + $"orleanslb.io/drain{(value is null ? "-" : $"={value}")}"),
        _ => Refuse(StatusCodes.Status503ServiceUnavailable, "the Kubernetes API cannot be reached; try again when it can."),
    };

    private static IResult Done(OperationView view) => Results.Json(view, StatusJson.Default.OperationView);

    private static IResult Refuse(int status, string why) => Results.Text(why, statusCode: status);
}
