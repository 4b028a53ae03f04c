using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Grains.Forecasting;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Silo.Manifests;

/// <summary>A load balancer that OrleansLb can take over from.</summary>
internal enum Rival
{
    MetalLb,
    OpenElb,
}

/// <summary>What is read of another load balancer, and what its services have and will keep.</summary>
/// <param name="Objects">Its configuration objects.</param>
/// <param name="Declarations">What they declare.</param>
/// <param name="Problems">What is wrong with them, or is not honoured.</param>
/// <param name="Services">Every service that will be served.</param>
/// <param name="Others">Services of type LoadBalancer that will not be served: their class is somebody else's.</param>
internal sealed record Migration(
    IReadOnlyList<ObjectReference> Objects,
    EquatableList<Declaration> Declarations,
    IReadOnlyList<Problem> Problems,
    EquatableList<ServiceOutlook> Services,
    IReadOnlyList<ServiceName> Others)
{
    public bool HasErrors => Problems.Any(problem => problem.Severity == Severity.Error);

    /// <summary>Nothing is refused, and every service keeps what it has.</summary>
    public bool IsSafe => !HasErrors && !Services.Any(service => service.IsAffected);

    /// <summary>The same configuration in our own dialect.</summary>
    public string ToYaml() => YamlWriter.Write(ConfigurationWriter.Write(Declarations));

    public static async Task<Migration> Of(Rival rival, IReadOnlyList<ConfigurationObject> objects, ServiceRules rules)
    {
        var reading = ClusterReading.Of(objects, rules);
        var theirs = reading.Configuration.Where(item => IsOf(rival, item.Reference)).ToList();
        var declared = DialectCatalog.TranslateAll(theirs, TranslationContext.Empty with { SecretsUnread = true });
        var compiled = ConfigurationCompiler.Compile(declared, ClusterConfiguration.Empty);
        var services = await Forecast.OfTakeover(reading.Snapshot, compiled);
        var others = reading.Snapshot.Services.Where(service => service is { Foreign: true, Held.Count: > 0 }).Select(service => service.Service);
        return new(
            [.. theirs.Select(item => item.Reference)],
            compiled.Declarations.ToEquatableList(),
            [.. compiled.Problems.Concat(reading.Problems)
                .Concat(reading.Snapshot.Services.Where(service => service.IsWanted).SelectMany(service => service.Problems))],
            services.OrderBy(service => service.Service).ToEquatableList(),
            [.. others]);
    }

    private static bool IsOf(Rival rival, ObjectReference reference) => rival == Rival.OpenElb
        ? reference.ApiVersion.StartsWith("network.kubesphere.io/", StringComparison.Ordinal)
        : reference.ApiVersion.StartsWith("metallb.io/", StringComparison.Ordinal) || reference is { ApiVersion: "v1", Kind: "ConfigMap" };
}
