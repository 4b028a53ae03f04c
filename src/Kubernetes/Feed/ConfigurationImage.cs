using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>All objects that configure us, of every dialect, and the secrets that they refer to; translated anew when one of them changes.</summary>
internal sealed class ConfigurationImage(AcceptedForms forms)
{
    private readonly Dictionary<ApiResource, Image<CustomObject, CustomObject>> _kinds = [];
    private readonly Image<SecretObject, SecretObject> _secrets = new(secret => secret);
    private bool _due = true;

    /// <summary>
    /// True once every kind that the cluster has was listed, and the secrets where any are referred to: a peer must not
    /// go for want of a password that is there.
    /// </summary>
    public bool IsRead => _kinds.Values.All(image => image.IsRead) && (_secrets.IsRead || !WantsSecrets);

    /// <summary>Whether any object refers to a Secret: only then are they worth reading.</summary>
    public bool WantsSecrets =>
        _kinds.Values.SelectMany(image => image.Values).Any(item => item.Root["spec"] is Manifests.Mapping spec && spec["passwordSecret"] is not null);

    public void Add(ApiResource resource) => _kinds.TryAdd(resource, new(item => item));

    /// <summary>The kind is no longer of this cluster, and its objects neither.</summary>
    public void Remove(ApiResource resource) => _due |= _kinds.Remove(resource);

    public void Apply(ApiResource resource, Change<CustomObject> change)
    {
        if (_kinds.TryGetValue(resource, out var image)) _due |= image.Apply(change).Any() || change is Change<CustomObject>.Snapshot;
    }

    public void Apply(Change<SecretObject> change) => _due |= _secrets.Apply(change).Any();

    public IEnumerable<ClusterChange> Drain()
    {
        if (!_due || !IsRead) yield break;
        _due = false;
        var context = TranslationContext.Empty with { Secrets = _secrets.Values.ToDictionary(secret => (secret.Metadata.Namespace ?? "", secret.Metadata.Name),
            Content) };
        var sources = _kinds.SelectMany(kind => kind.Value.Values.Select(item => Source(kind.Key, item)))
            .Where(source => DialectCatalog.IsConfiguration(source.Reference)).ToList();
        var declared = DialectCatalog.TranslateAll(sources, context);
        yield return new ClusterChange.ConfigurationRead(declared.Declarations, declared.Problems, declared.Unreadable, forms.Tell(sources, declared, context));
    }

    // The items of a list of a built-in kind bear neither apiVersion nor kind.
    private static ConfigurationObject Source(ApiResource resource, CustomObject item)
    {
        var source = ConfigurationObject.Of(item.Root);
        return source with { Reference = source.Reference with { ApiVersion = resource.ApiVersion, Kind = resource.Kind } };
    }

    private static SecretContent Content(SecretObject secret) => new(secret.Type ?? "", SecretContent.Decode(secret.Data?.Password));
}
