using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Writes the verdict on each object of our own dialect to its status, as the condition <c>Accepted</c>, and the one on MetalLB's to its ConfigurationState.
/// The other kinds have no place for it: there events tell.
/// </summary>
public sealed class ConfigurationStatusWriter(ApiClient client, TimeProvider time, ILogger<ConfigurationStatusWriter> logger) : IConfigurationStatusWriter
{
    private const string FieldManager = "orleanslb-configuration";

    private readonly StatusGate _gate = new(logger);
    private readonly ConfigurationStates _states = new(client, time, logger);
    private Dictionary<ObjectReference, ObjectVerdict> _written = [];

    public async Task Write(ConfigurationReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var written = new Dictionary<ObjectReference, ObjectVerdict>();
        RecordUnavailableException? refused = null;
        foreach (var verdict in report.Verdicts)
        {
            if (!verdict.HasCondition || DialectCatalog.Find(verdict.Object) is not { } resource) continue;
            try
            {
                if (_written.GetValueOrDefault(verdict.Object) != verdict) await Write(resource, verdict, cancellation);
                written[verdict.Object] = verdict;
            }
            catch (RecordUnavailableException fault) when (StatusGate.IsForWantOfARight(fault))
            {
                refused = fault; // of its kind; the others may be granted
            }
        }
        _written = written;
        await _states.Write(report, cancellation);
        if (refused is not null) throw refused;
    }

    private async Task Write(ApiResource resource, ObjectVerdict verdict, CancellationToken cancellation)
    {
        var (type, name) = (ResourceTypes.Custom(resource), verdict.Object.Name);
        if (await _gate.Pass($"get {resource}", () => client.Get(type, null, name, cancellation)) is not { } current) return;
        var patch = Patch.Apply(Fields(verdict, current.Root), FieldManager, force: true);
        await _gate.Pass($"patch {resource}/status", () => client.Patch(type, new(null, name, "status"), patch, cancellation));
    }

    private JsonObject Fields(ObjectVerdict verdict, Mapping current)
    {
        var conditions = Conditions(verdict).Select(condition => (JsonNode)condition.ToJson(current, time.GetUtcNow()));
        var status = new JsonObject { ["conditions"] = new JsonArray([.. conditions]) };
        if (verdict.Object.Generation > 0) status["observedGeneration"] = verdict.Object.Generation;
        return new JsonObject
        {
            ["apiVersion"] = verdict.Object.ApiVersion,
            ["kind"] = verdict.Object.Kind,
            ["metadata"] = new JsonObject { ["name"] = verdict.Object.Name, ["uid"] = verdict.Object.Uid },
            ["status"] = status,
        };
    }

    /// <summary>Of a pool that never was live nobody else says that it is not ready.</summary>
    private static IEnumerable<Condition> Conditions(ObjectVerdict verdict)
    {
        yield return new("Accepted", verdict.Accepted, verdict.Reason.ToString(), verdict.Message, verdict.Object.Generation);
        if (verdict is { Live: false, Object.Kind: "AddressPool" })
        {
            yield return new("Ready", false, nameof(Reason.ConfigurationRefused), "the pool is not used as it stands; the condition Accepted says why.",
                verdict.Object.Generation);
        }
    }
}
