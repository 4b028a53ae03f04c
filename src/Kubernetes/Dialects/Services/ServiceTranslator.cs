using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.OpenElb;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Dialects.Services;

/// <summary>Translates a Service, with its annotations of whichever dialect, to what it asks for.</summary>
public static class ServiceTranslator
{
    private const string LoadBalancer = "LoadBalancer";

    public static ServiceRequest Translate(ServiceObject service, Labels namespaceLabels, ServiceEndpoints endpoints, ServiceRules rules)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(rules);
        var (meta, spec) = (service.Metadata, service.Spec ?? new ServiceSpec());
        var reference = new ObjectReference("v1", "Service", meta.Namespace ?? "default", meta.Name, meta.Uid ?? "");
        var problems = new ProblemLog(reference);
        var wanted = IsWanted(service, spec, rules);
        var born = BornFinalizer(meta.Finalizers, spec, rules);
        var asked = wanted ? ServiceAnnotations.Read(service, spec, problems) : ServiceAnnotations.None;
        return new ServiceRequest(
            new ServiceName(reference.Namespace, reference.Name),
            reference.Uid,
            wanted,
            Deleting: meta.DeletionTimestamp is not null,
            Finalizer: born,
            WantedFinalizer: UsesStandardFinalizer(spec, rules) ? Finalizers.Standard : rules.Finalizer,
            Labels.Of(meta.Labels),
            namespaceLabels,
            Families(spec),
            Parse(spec.IpFamilyPolicy, FamilyPolicy.SingleStack),
            asked.Addresses,
            asked.Pool,
            asked.SharingKey,
            BackendKey(spec),
            Parse(spec.ExternalTrafficPolicy, TrafficPolicy.Cluster),
            Ports(spec),
            Held(service),
            endpoints.Nodes,
            endpoints.Elsewhere,
            problems.ToList())
        {
            SharesOnRequest = asked.SharesOnRequest,
            Created = meta.CreationTimestamp ?? default,
            EndpointsAwaited = endpoints.Awaited,
            Foreign = !wanted && born is null && (spec.Type == LoadBalancer || meta.Finalizers?.Exists(Finalizers.IsOfFamily) == true),
        };
    }

    /// <summary>A class belongs to whoever bears it; without one, the Service is ours if we serve those, or if it opts in as OpenELB's do.</summary>
    private static bool IsWanted(ServiceObject service, ServiceSpec spec, ServiceRules rules)
    {
        if (spec.Type != LoadBalancer) return false;
        if (spec.LoadBalancerClass is { } named) return rules.Classes.Contains(named);
        return rules.ServesDefault || service.Metadata.Annotations?.GetValueOrDefault(OpenElbKeys.OptIn) == OpenElbKeys.OptInValue;
    }

    private static string? BornFinalizer(List<string>? finalizers, ServiceSpec spec, ServiceRules rules)
    {
        if (finalizers is null) return null;
        if (finalizers.Contains(rules.Finalizer)) return rules.Finalizer;
        return UsesStandardFinalizer(spec, rules) && finalizers.Contains(Finalizers.Standard) ? Finalizers.Standard : null;
    }

    /// <summary>Where Services without a class are another load balancer's, that one takes the standard finalizer for its own.</summary>
    private static bool UsesStandardFinalizer(ServiceSpec spec, ServiceRules rules) => spec.LoadBalancerClass is null && rules.ServesDefault;

    private static EquatableList<IpFamily> Families(ServiceSpec spec)
    {
        if (spec.IpFamilies is { Count: > 0 } named) return named.Select(family => family == "IPv6" ? IpFamily.IPv6 : IpFamily.IPv4).ToEquatableList();
        var cluster = spec.ClusterIPs.ParseAddresses().Select(address => address.Family).ToEquatableList();
        return cluster.Count > 0 ? cluster : [IpFamily.IPv4];
    }

    private static string BackendKey(ServiceSpec spec) =>
        string.Join(",", (spec.Selector ?? []).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    private static EquatableList<ServicePort> Ports(ServiceSpec spec) =>
        (spec.Ports ?? []).Select(port => new ServicePort(TransportOf(port), port.Port)).Order().ToEquatableList();

    private static Transport TransportOf(ServicePortObject port) => port.Protocol switch
    {
        "UDP" => Transport.Udp,
        "SCTP" => Transport.Sctp,
        _ => Transport.Tcp,
    };

    /// <summary>The addresses that its status shows.</summary>
    public static EquatableList<Address> Held(ServiceObject service) =>
        service?.Status?.LoadBalancer?.Ingress?.Select(entry => entry.Ip).ParseAddresses() ?? [];

    private static T Parse<T>(string? text, T otherwise)
        where T : struct, Enum => Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : otherwise;
}
