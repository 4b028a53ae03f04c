using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>What some objects say of a cluster: how load balancing is configured, and the services, nodes and claims that there are.</summary>
/// <param name="Configuration">The objects that configure a load balancer, in every dialect.</param>
/// <param name="Problems">What is wrong with services that could not be read.</param>
public sealed record ClusterReading(IReadOnlyList<ConfigurationObject> Configuration, ClusterSnapshot Snapshot, IReadOnlyList<Problem> Problems)
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    public static ClusterReading Of(IEnumerable<ConfigurationObject> objects, ServiceRules rules)
    {
        var byKind = objects.ToLookup(item => (item.Reference.ApiVersion, item.Reference.Kind));
        var problems = new List<Problem>();
        var snapshot = new ClusterSnapshot(
            Services(byKind, rules, problems),
            Typed(byKind[("v1", "Node")], ResourceTypes.Nodes.Json).Select(node => NodeTranslator.Translate(node, rules.IgnoresExclusion))
                .OrderBy(node => node.Name).ToEquatableList(),
            Typed(byKind[Key(ResourceTypes.AddressClaims.Resource)], ResourceTypes.AddressClaims.Json).Select(ClaimTranslator.Read).OfType<AddressClaim>()
                .ToEquatableList(),
            byKind[("metallb.io/v1beta1", "ServiceL2Status")].Select(Announcer).OfType<KnownAnnouncer>().ToEquatableList());
        return new(byKind.SelectMany(group => group).Where(item => DialectCatalog.IsConfiguration(item.Reference)).ToList(), snapshot, problems);
    }

    private static EquatableList<ServiceRequest> Services(ILookup<(string, string), ConfigurationObject> byKind, ServiceRules rules, List<Problem> problems)
    {
        var namespaces = byKind[("v1", "Namespace")].DistinctBy(item => item.Reference.Name).ToDictionary(item => item.Reference.Name, item => item.Labels);
        var slices = Typed(byKind[("discovery.k8s.io/v1", "EndpointSlice")], ResourceTypes.EndpointSlices.Json)
            .ToLookup(slice => (slice.Metadata.Namespace ?? "default", slice.Metadata.Labels?.GetValueOrDefault(ServiceNameLabel) ?? ""));
        var requests = new List<ServiceRequest>();
        foreach (var item in byKind[("v1", "Service")])
        {
            if (Read(item, problems) is not { } service) continue;
            var ns = service.Metadata.Namespace ?? "default";
            // Where nobody tells of endpoints, there may be some.
            var endpoints = slices.Count == 0 ? new ServiceEndpoints([], 1) : ServiceEndpoints.Of(slices[(ns, service.Metadata.Name)]);
            requests.Add(ServiceTranslator.Translate(service, namespaces.GetValueOrDefault(ns, Labels.None), endpoints, rules));
        }
        return requests.OrderBy(request => request.Service).ToEquatableList();
    }

    private static ServiceObject? Read(ConfigurationObject item, List<Problem> problems)
    {
        try
        {
            return JsonSerializer.Deserialize(item.Root.ToJson(), ResourceTypes.Services.Json);
        }
        catch (JsonException wrong)
        {
            problems.Add(new(item.Reference, wrong.Path?.TrimStart('$', '.') ?? "", Severity.Error, "the value is not of the type that a Service has here."));
            return null;
        }
    }

    /// <summary>Objects that are not as their kind has them say nothing; the API has none such.</summary>
    private static IEnumerable<T> Typed<T>(IEnumerable<ConfigurationObject> items, JsonTypeInfo<T> json)
        where T : class
    {
        foreach (var item in items)
        {
            T? read = null;
            try
            {
                read = JsonSerializer.Deserialize(item.Root.ToJson(), json);
            }
            catch (JsonException)
            {
                continue;
            }
            if (read is not null) yield return read;
        }
    }

    private static KnownAnnouncer? Announcer(ConfigurationObject item) => item.Root["status"] is Mapping status
        && status.Text("node") is { } node && status.Text("serviceNamespace") is { } ns && status.Text("serviceName") is { } name
            ? new(new(ns, name), new(node))
            : null;

    private static (string, string) Key(Client.Resources.ApiResource resource) => (resource.ApiVersion, resource.Kind);
}
