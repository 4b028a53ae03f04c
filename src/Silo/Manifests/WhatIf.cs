using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Grains.Forecasting;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Silo.Manifests;

/// <summary>What becomes of a cluster's services when some objects are applied to it, judged by the rules that the running service follows.</summary>
/// <param name="Services">Every service that a load balancer serves or is to serve, sorted by name.</param>
/// <param name="Refused">What is wrong with what would stand in the cluster then, and is not today.</param>
/// <param name="Left">Configuration of the cluster that the files do not have.</param>
/// <param name="Prunes">What is left is deleted; otherwise it stays.</param>
internal sealed record WhatIf(EquatableList<ServiceOutlook> Services, IReadOnlyList<Problem> Refused, IReadOnlyList<ObjectReference> Left, bool Prunes)
{
    public IEnumerable<ServiceOutlook> Affected => Services.Where(service => service.IsAffected);

    /// <summary>False when somebody would notice, or something would be refused.</summary>
    public bool IsHarmless => !Affected.Any() && !Refused.Any(problem => problem.Severity == Severity.Error);

    /// <param name="files">What is to be applied.</param>
    /// <param name="cluster">What is there.</param>
    /// <param name="prune">Configuration that the files do not have is deleted.</param>
    /// <param name="rules">Which services the running service takes for its own.</param>
    public static async Task<WhatIf> Of(IReadOnlyList<ConfigurationObject> files, IReadOnlyList<ConfigurationObject> cluster, bool prune, ServiceRules rules)
    {
        var applied = new Applying(cluster, files);
        var (before, after) = (ClusterReading.Of(cluster, rules), ClusterReading.Of(applied.Result(prune), rules));
        var context = TranslationContext.Empty with { SecretsUnread = true };
        var today = ConfigurationCompiler.Compile(DialectCatalog.TranslateAll(before.Configuration, context), ClusterConfiguration.Empty);
        var next = ConfigurationCompiler.Compile(DialectCatalog.TranslateAll(after.Configuration, context), today);
        var services = await Forecast.Of(before.Snapshot, today, after.Snapshot, next);
        var known = today.Problems.Select(Said).ToHashSet();
        return new(services.OrderBy(service => service.Service).ToEquatableList(), [.. next.Problems.Where(problem => !known.Contains(Said(problem)))],
            applied.Left, prune);
    }

    private static (string, string, string) Said(Problem problem) => ((problem.Object with { File = null }).ToString(), problem.Field, problem.Message);

    /// <summary>What <c>kubectl apply</c> makes of a cluster, as far as it matters here.</summary>
    private sealed class Applying(IReadOnlyList<ConfigurationObject> cluster, IReadOnlyList<ConfigurationObject> files)
    {
        private readonly Dictionary<(string, string, string, string), ConfigurationObject> _present = cluster.DistinctBy(Key).ToDictionary(Key);
        private readonly HashSet<(string, string, string, string)> _given = [.. files.Select(Key)];

        public IReadOnlyList<ObjectReference> Left =>
            [.. cluster.Where(item => DialectCatalog.IsConfiguration(item.Reference) && !_given.Contains(Key(item))).Select(item => item.Reference)];

        public IEnumerable<ConfigurationObject> Result(bool prune)
        {
            var stays = cluster.Where(item => !_given.Contains(Key(item)) && !(prune && DialectCatalog.IsConfiguration(item.Reference)));
            return stays.Concat(files.Select(file =>
                _present.TryGetValue(Key(file), out var present) ? Merged(present, file) : file with { Created = DateTimeOffset.MaxValue }));
        }

        /// <summary>Configuration is replaced as it stands; of a service the API's own additions and the status stay.</summary>
        private static ConfigurationObject Merged(ConfigurationObject present, ConfigurationObject file) =>
            file.Reference is { ApiVersion: "v1", Kind: "Service" }
            ? file with { Root = Overlay(present.Root, file.Root) }
            : file with { Created = present.Created };

        private static Mapping Overlay(Mapping below, Mapping above)
        {
            var fields = below.Fields.Select(field => above[field.Name] switch
            {
                Mapping upper when field.Value is Mapping lower => field with { Value = Overlay(lower, upper) },
                { } upper => field with { Value = upper },
                null => field,
            });
            return new([.. fields, .. above.Fields.Where(field => below[field.Name] is null)], above.Line);
        }

        /// <summary>The same object, in whichever version of its API.</summary>
        private static (string Group, string Kind, string Namespace, string Name) Key(ConfigurationObject item)
        {
            var (version, ns) = (item.Reference.ApiVersion, item.Reference.Namespace);
            var isService = item.Reference is { ApiVersion: "v1", Kind: "Service" };
            return (version.Contains('/') ? version[..version.IndexOf('/')] : "", item.Reference.Kind, isService && ns.Length == 0 ? "default" : ns,
                item.Reference.Name);
        }
    }
}
